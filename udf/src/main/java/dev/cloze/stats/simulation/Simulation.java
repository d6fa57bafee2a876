package dev.cloze.stats.simulation;

import dev.cloze.stats.judge.Finding;
import dev.cloze.stats.judge.NightlyAudit;
import dev.cloze.stats.judge.Rates;
import dev.cloze.stats.judge.Verdict;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A made-up year that is audited night by night. On some nights every fault is tried in every slice; what is tried is judged and not
 * learned.
 *
 * @param world how much its nights differ
 * @param sizes of its slices, documents on a weekday
 * @param seed that everything is drawn from
 */
public record Simulation(World world, List<Integer> sizes, long seed) {
    /** Of the specification: from 30 to 100,000 documents. */
    public static final List<Integer> SIZES =
            List.of(30, 50, 100, 200, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 100_000);

    public static final int NIGHTS = 365;

    private static final LocalDate MONDAY = LocalDate.parse("2025-01-06");
    private static final int FIRST_TRIED = 57;
    private static final long LARGE_PRIME = 1_000_003;

    /** What was said of a night on which nothing happened. */
    public record Quiet(int night, Verdict.Word word) {}

    /**
     * A fault that was tried.
     *
     * @param documents of the slice on a weekday
     * @param state the strongest of the findings in the slice; null when there is none
     * @param isFirst whether a finding of the slice is the first of all
     * @param rules that called it drift
     */
    public record Tried(Fault fault, int documents, Finding.State state, boolean isFirst, List<String> rules) {
        public boolean isFound() {
            return state == Finding.State.DRIFT;
        }

        public boolean isNoticed() {
            return state != null;
        }
    }

    /** What a year showed. */
    public record Year(World world, List<Quiet> quiet, List<Tried> tried) {}

    /** A year with {@code nightsOfFaults} nights on which faults are tried. */
    public Year run(int nightsOfFaults) {
        List<SimulatedSlice> slices = IntStream.range(0, sizes.size())
                .mapToObj(i -> new SimulatedSlice(sizes.get(i), world, seed * LARGE_PRIME + 97L * i))
                .toList();
        Wandering common = new Wandering(0.01 * world.movement(), seed);
        List<Integer> faulty = new SplittableRandom(seed)
                .ints(FIRST_TRIED, NIGHTS)
                .distinct()
                .limit(nightsOfFaults)
                .boxed()
                .toList();
        NightlyAudit audit = new NightlyAudit(Rates.USUAL, List.of());
        List<Quiet> quiet = new ArrayList<>();
        List<Tried> tried = new ArrayList<>();
        for (int night = 0; night < NIGHTS; night++) {
            Night tonight = night(slices, night, common.at(night));
            if (faulty.contains(night)) {
                tried.addAll(tryAll(audit, slices, night, tonight, common.at(night)));
            }
            quiet.add(new Quiet(night, audit.pass(tonight).word()));
        }
        return new Year(world, quiet, tried);
    }

    private static Night night(List<SimulatedSlice> slices, int night, double common) {
        Map<Slice, SliceState> states = new LinkedHashMap<>();
        for (int i = 0; i < slices.size(); i++) {
            states.put(slice(i), slices.get(i).night(night, common, Fault.NONE));
        }
        return new Night(MONDAY.plusDays(night), states);
    }

    private static Slice slice(int number) {
        return Slice.of("slice-" + number);
    }

    private List<Tried> tryAll(
            NightlyAudit audit, List<SimulatedSlice> slices, int number, Night tonight, double common) {
        return Stream.of(Fault.values())
                .filter(fault -> fault != Fault.NONE)
                .flatMap(fault -> IntStream.range(0, slices.size()).mapToObj(i -> {
                    Map<Slice, SliceState> states = new LinkedHashMap<>(tonight.slices());
                    states.put(slice(i), slices.get(i).night(number, common, fault));
                    return tried(audit.judge(new Night(tonight.date(), states)), fault, i);
                }))
                .toList();
    }

    private Tried tried(Verdict verdict, Fault fault, int number) {
        List<Finding> own = verdict.findings().stream()
                .filter(finding -> finding.slice().equals(slice(number)))
                .toList();
        return new Tried(
                fault,
                sizes.get(number),
                own.stream().map(Finding::state).min(Finding.State::compareTo).orElse(null),
                !own.isEmpty() && verdict.findings().get(0).slice().equals(slice(number)),
                own.stream().filter(Finding::isDrift).map(Finding::rule).toList());
    }
}
