package dev.cloze.job.audit;

import dev.cloze.job.terminal.Terminal;
import dev.cloze.stats.judge.NightlyAudit;
import dev.cloze.stats.judge.Rates;
import dev.cloze.stats.judge.Verdict;
import dev.cloze.stats.night.FewSlices;
import dev.cloze.stats.night.Night;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * Audits nights: figures into the history first, then verdicts on them, then their pages. What is there already is not done again.
 *
 * @param runs the nights of the history
 * @param examples documents that show what was found
 * @param reports pages, of the history that the nights belong to
 */
public record Audits(StoredNights runs, Judging judging, Examples examples, Reports reports, Terminal terminal) {
    /** Nights before the one in question that are judged again, to tell since when a finding is there. */
    private static final int LOOKED_BACK = 8;

    /**
     * How nights are judged.
     *
     * @param mostSlices of a night; all others are put together
     */
    public record Judging(Rates rates, int mostSlices) {}

    /**
     * Audits whose nights are read and written by {@code spark}.
     *
     * @param examples documents that show what was found
     * @param outputs where the last night is written for other programs, too
     */
    public static Audits of(
            AuditHistory history,
            Judging judging,
            Examples examples,
            Optional<NightOutputs> outputs,
            SparkSession spark,
            Terminal terminal) {
        return new Audits(history.runs(spark), judging, examples, new Reports(history, outputs), terminal);
    }

    private AuditHistory history() {
        return reports.history();
    }

    /** Audits a night; the exit code. */
    public int night(Night night) {
        LocalDate date = night.date();
        history().begin();
        TreeMap<LocalDate, List<StoredNight>> stored = runs.until(date);
        Kept kept = keep(night, stored);
        List<Night> nights = FewSlices.of(counting(stored), judging.mostSlices());
        Optional<VerdictRecord> there = verdictOn(kept.night());
        NightView view = new NightView(history(), terminal);
        if (there.isPresent()) {
            reports.write(nights, date, date);
            view.sayAlready(there.get());
            return there.get().exitCode();
        }
        JudgedNight judged = judgedLast(nights);
        write(judged, kept, NightStates.of(nights, nights.size() - 1));
        reports.write(nights, date, date);
        view.show(judged);
        return judged.exitCode();
    }

    /** Audits {@code nights}, all that have scores from {@code first} to {@code last}; those that have a verdict keep it. */
    public void backfill(List<Night> nights, LocalDate first, LocalDate last) {
        history().begin();
        TreeMap<LocalDate, List<StoredNight>> stored = runs.until(last);
        TreeMap<LocalDate, Kept> kept = new TreeMap<>();
        nights.forEach(night -> kept.put(night.date(), keep(night, stored)));
        List<Night> all = FewSlices.of(counting(stored), judging.mostSlices());
        judgeAll(all, date -> Optional.ofNullable(kept.get(date))
                .filter(each -> verdictOn(each.night()).isEmpty()));
        reports.write(all, first, last);
        new NightView(history(), terminal).showNights(history().lastVerdicts().subMap(first, true, last, true));
    }

    /** Judges all nights from {@code first} on again, by what is known and decided now. */
    public void rejudge(LocalDate first) {
        TreeMap<LocalDate, List<StoredNight>> stored = runs.until(LocalDate.MAX);
        List<Night> nights = FewSlices.of(counting(stored), judging.mostSlices());
        judgeAll(nights, date -> date.isBefore(first) ? Optional.empty() : Optional.of(kept(stored.get(date))));
        reports.write(nights, first, LocalDate.MAX);
        new NightView(history(), terminal).showNights(history().lastVerdicts().tailMap(first, true));
    }

    /** Which nights get a verdict. */
    @FunctionalInterface
    private interface Wanted {
        Optional<Kept> of(LocalDate date);
    }

    private void judgeAll(List<Night> nights, Wanted wanted) {
        NightlyAudit audit = new NightlyAudit(judging.rates(), history().decisions());
        LocalDate first = nights.stream()
                .map(Night::date)
                .filter(date -> wanted.of(date).isPresent())
                .findFirst()
                .orElse(LocalDate.MAX);
        List<LocalDate> earlier = new ArrayList<>();
        for (int i = 0; i < nights.size(); i++) {
            Night night = nights.get(i);
            Optional<Kept> kept = wanted.of(night.date());
            if (kept.isEmpty() && night.date().isBefore(first)) {
                audit.learn(night);
            } else {
                Verdict verdict = audit.pass(night);
                NightStates states = NightStates.of(nights, i);
                kept.ifPresent(
                        each -> write(new JudgedNight(history().record(), night, verdict, earlier), each, states));
            }
            earlier.add(night.date());
        }
    }

    /**
     * A night that stands in the history.
     *
     * @param superseded the run of the same date that counted before
     */
    private record Kept(StoredNight night, Optional<String> superseded) {}

    /** Writes {@code night} into the history and into {@code stored}, unless what counts of its date is the same. */
    private Kept keep(Night night, TreeMap<LocalDate, List<StoredNight>> stored) {
        List<StoredNight> ofADate = stored.computeIfAbsent(night.date(), any -> new ArrayList<>());
        int sequence = ofADate.stream().mapToInt(StoredNight::sequence).max().orElse(0) + 1;
        StoredNight tonight = StoredNight.of(night, sequence);
        boolean isThere =
                !ofADate.isEmpty() && StoredNight.counting(ofADate).content().equals(tonight.content());
        if (!isThere) {
            runs.write(tonight);
            ofADate.add(tonight);
        }
        return kept(ofADate);
    }

    private static Kept kept(List<StoredNight> ofADate) {
        StoredNight counting = StoredNight.counting(ofADate);
        List<StoredNight> before = ofADate.stream()
                .filter(night -> !night.run().equals(counting.run()))
                .toList();
        return new Kept(
                counting,
                before.isEmpty()
                        ? Optional.empty()
                        : Optional.of(StoredNight.counting(before).run()));
    }

    private static List<Night> counting(NavigableMap<LocalDate, List<StoredNight>> stored) {
        return stored.values().stream()
                .map(StoredNight::counting)
                .map(StoredNight::night)
                .toList();
    }

    private Optional<VerdictRecord> verdictOn(StoredNight night) {
        return history().verdicts(night.night().date()).stream()
                .filter(verdict -> verdict.run().equals(night.run()))
                .reduce((earlier, later) -> later);
    }

    /** The last of {@code nights}, judged by those before it. */
    private JudgedNight judgedLast(List<Night> nights) {
        int last = nights.size() - 1;
        NightlyAudit audit = new NightlyAudit(judging.rates(), history().decisions());
        for (int i = 0; i < last; i++) {
            if (i < last - LOOKED_BACK) {
                audit.learn(nights.get(i));
            } else {
                audit.pass(nights.get(i));
            }
        }
        List<LocalDate> earlier =
                nights.subList(0, last).stream().map(Night::date).toList();
        return new JudgedNight(history().record(), nights.get(last), audit.judge(nights.get(last)), earlier);
    }

    private void write(JudgedNight judged, Kept kept, NightStates states) {
        String run = kept.night().run();
        List<VerdictRecord> before = history().verdicts(judged.night().date());
        int last = before.stream().mapToInt(VerdictRecord::sequence).max().orElse(0);
        List<VerdictRecord.Exemplar> exemplars = examples.of(judged, states, verdictOn(kept.night()));
        VerdictRecord again = judged.record(run, kept.superseded(), last, exemplars);
        if (before.stream().noneMatch(again::equals)) {
            history().write(judged.record(run, kept.superseded(), last + 1, exemplars));
        }
    }
}
