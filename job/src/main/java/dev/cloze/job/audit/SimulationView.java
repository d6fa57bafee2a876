package dev.cloze.job.audit;

import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Table.Column;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.settings.Labels;
import dev.cloze.stats.judge.Verdict.Word;
import dev.cloze.stats.simulation.Fault;
import dev.cloze.stats.simulation.Simulation.Quiet;
import dev.cloze.stats.simulation.Simulation.Tried;
import dev.cloze.stats.simulation.Simulation.Year;
import dev.cloze.stats.simulation.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What made-up years showed, as two tables: false alarms, and what was found. */
public record SimulationView(List<Year> years, Terminal terminal) {
    /** Slices of about one size. */
    private record Sizes(String name, int from, int to) {}

    private static final List<Sizes> SIZES = List.of(
            new Sizes("30-100", 0, 100),
            new Sizes("200", 101, 200),
            new Sizes("500-1k", 201, 1_000),
            new Sizes("2k-10k", 1_001, 10_000),
            new Sizes("30k-100k", 10_001, Integer.MAX_VALUE));
    private static final int WARM = 14;
    private static final int MOST_RULES = 3;
    private static final Table QUIET = new Table(List.of(
            Column.text("nights"),
            Column.text("world"),
            Column.number("number"),
            Column.number("drift"),
            Column.number("in 100"),
            Column.number("watch or drift"),
            Column.number("in 100")));
    private static final Table FOUND = new Table(Stream.of(
                    Stream.of(Column.text("fault"), Column.text("world")),
                    SIZES.stream().map(sizes -> Column.number(sizes.name())),
                    Stream.of(Column.number("watch, all"), Column.number("first"), Column.text("found by")))
            .flatMap(columns -> columns)
            .toList());

    public void show() {
        terminal.print("False alarms: nights on which nothing happened");
        List<List<String>> quiet = new ArrayList<>();
        for (World world : World.values()) {
            quiet.add(quiet("2 to 14", Labels.of(world), of(world), night -> night < WARM));
            quiet.add(quiet("15 and later", Labels.of(world), of(world), night -> night >= WARM));
        }
        quiet.add(quiet("15 and later", "both", years, night -> night >= WARM));
        terminal.out().print(terminal.render(QUIET, quiet));
        terminal.print("");
        terminal.print(
                "Found in the same night, in percent of " + tries() + " tries a fault and world, by documents a night");
        terminal.out()
                .print(terminal.render(
                        FOUND,
                        Arrays.stream(Fault.values())
                                .filter(fault -> fault != Fault.NONE)
                                .flatMap(fault -> Arrays.stream(World.values()).map(world -> found(fault, world)))
                                .toList()));
    }

    private List<Year> of(World world) {
        return years.stream().filter(year -> year.world() == world).toList();
    }

    private static List<String> quiet(String name, String world, List<Year> years, Predicate<Integer> nights) {
        List<Word> words = years.stream()
                .flatMap(year -> year.quiet().stream())
                .filter(each -> each.night() > 0 && nights.test(each.night()))
                .map(Quiet::word)
                .toList();
        long drift = words.stream().filter(word -> word == Word.DRIFT).count();
        long watch = words.stream().filter(word -> word == Word.WATCH).count() + drift;
        return List.of(
                name,
                world,
                Numerals.count(words.size()),
                Numerals.count(drift),
                Numerals.format("%.2f", 100.0 * drift / words.size()),
                Numerals.count(watch),
                Numerals.format("%.2f", 100.0 * watch / words.size()));
    }

    private long tries() {
        return of(World.CALM).stream()
                .flatMap(year -> year.tried().stream())
                .filter(tried -> tried.fault() == Fault.MARKUP_LEFT_IN)
                .count();
    }

    private List<String> found(Fault fault, World world) {
        List<Tried> all = of(world).stream()
                .flatMap(year -> year.tried().stream())
                .filter(tried -> tried.fault() == fault)
                .toList();
        List<String> line = new ArrayList<>(List.of(fault.label(), Labels.of(world)));
        SIZES.forEach(sizes -> line.add(percent(
                all.stream()
                        .filter(tried -> tried.documents() >= sizes.from() && tried.documents() <= sizes.to())
                        .toList(),
                Tried::isFound)));
        line.add(percent(all, Tried::isNoticed));
        line.add(percent(all.stream().filter(Tried::isFound).toList(), Tried::isFirst));
        line.add(rules(all));
        return line;
    }

    private static String percent(List<Tried> all, Predicate<Tried> which) {
        return all.isEmpty()
                ? "-"
                : Numerals.format("%.0f", 100.0 * all.stream().filter(which).count() / all.size());
    }

    /** The rules that find it most often, with the percentage of the tries. */
    private static String rules(List<Tried> all) {
        Map<String, Long> counts = all.stream()
                .flatMap(tried -> tried.rules().stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Long> each) -> -each.getValue())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_RULES)
                .map(each -> each.getKey() + " " + Math.round(100.0 * each.getValue() / all.size()))
                .collect(Collectors.joining(" "));
    }
}
