package dev.cloze.job.audit;

import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Table.Column;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.stats.exemplar.Exemplars.Exemplar;
import dev.cloze.stats.judge.Decomposition;
import dev.cloze.stats.judge.Share;
import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A comparison as a person reads it on a terminal. */
public record ComparisonView(Comparison comparison, Terminal terminal) {
    private static final int MOST_SLICES = 3;
    private static final int HUNDRED = 100;
    private static final String NOTHING = "-";
    private static final Table SLICES = new Table(List.of(
            Column.text("slice"),
            Column.number("documents A"),
            Column.number("B"),
            Column.number("nats A"),
            Column.number("B"),
            Column.number("rank A"),
            Column.number("B"),
            Column.number("within"),
            Column.number("mix")));
    private static final Table PERCENTILES =
            new Table(List.of(Column.text("documents"), Column.number("nats A"), Column.number("B")));

    public void show() {
        Decomposition change = comparison.change();
        terminal.print("A  " + comparison.before().name());
        terminal.print("B  " + comparison.now().name());
        terminal.print("");
        terminal.print(Numerals.format(
                "B is %+.4f nats a token from A: %.4f instead of %.4f.",
                change.total(), change.now(), change.before()));
        terminal.print("");
        terminal.out().print(terminal.render(SLICES, slices(change)));
        terminal.print("");
        terminal.out().print(terminal.render(PERCENTILES, percentiles()));
        comparison.common().ifPresent(this::show);
        comparison.exemplars(change, MOST_SLICES).forEach(this::show);
    }

    private void show(CommonDocuments common) {
        terminal.print("");
        terminal.print(Numerals.format(
                "%,d documents are in both: on average %.3f nats a token in A and %.3f in B, correlation %.3f, slope %.3f.",
                common.documents(), common.before(), common.now(), common.correlation(), common.slope()));
    }

    private void show(Slice slice, List<Exemplar> exemplars) {
        exemplars.forEach(each -> new ExemplarView(terminal).show(slice.label(), Examples.record(Map.of(), each)));
    }

    private List<List<String>> slices(Decomposition change) {
        Map<Slice, Integer> before = ranks(comparison.before());
        Map<Slice, Integer> now = ranks(comparison.now());
        List<List<String>> lines = new ArrayList<>();
        change.slices().stream()
                .sorted(Comparator.comparing(share -> -Math.abs(share.within() + share.mix())))
                .forEach(share -> lines.add(line(share, before, now)));
        double within = change.slices().stream().mapToDouble(Share::within).sum();
        lines.add(line(Slice.CORPUS, List.of(NOTHING, NOTHING, signed(within), signed(change.total() - within))));
        return lines;
    }

    private List<String> line(Share share, Map<Slice, Integer> before, Map<Slice, Integer> now) {
        return line(
                share.slice(),
                List.of(
                        rank(before, share.slice()),
                        rank(now, share.slice()),
                        signed(share.within()),
                        signed(share.mix())));
    }

    private List<String> line(Slice slice, List<String> more) {
        SliceState before = comparison.before().night().of(slice);
        SliceState now = comparison.now().night().of(slice);
        List<String> line = new ArrayList<>(List.of(
                slice.isCorpus() ? Slice.CORPUS.label() : slice.label(),
                Numerals.count(before.documents()),
                Numerals.count(now.documents()),
                nats(before),
                nats(now)));
        line.addAll(more);
        return line;
    }

    private static String nats(SliceState state) {
        return state.documents() == 0 ? NOTHING : Numerals.nats(state.crossEntropy());
    }

    private static String rank(Map<Slice, Integer> ranks, Slice slice) {
        return ranks.containsKey(slice) ? ranks.get(slice).toString() : NOTHING;
    }

    private static String signed(double nats) {
        return Numerals.format("%+.4f", nats);
    }

    /** Places of the slices by their cross-entropy, the hardest first. */
    private static Map<Slice, Integer> ranks(ComparedSide side) {
        Map<Slice, Integer> ranks = new LinkedHashMap<>();
        side.slices().entrySet().stream()
                .filter(each ->
                        each.getValue().documents() > 0 && !each.getKey().isCorpus())
                .sorted(Comparator.comparing(each -> -each.getValue().crossEntropy()))
                .forEach(each -> ranks.put(each.getKey(), ranks.size() + 1));
        return ranks;
    }

    private List<List<String>> percentiles() {
        Histogram before = comparison.before().corpus().histogram();
        Histogram now = comparison.now().corpus().histogram();
        return List.of(1, 10, 50, 90, 99).stream()
                .map(percent -> List.of(
                        percent == 50 ? "half of them" : percent + " % of them",
                        "up to " + border(before, percent),
                        "up to " + border(now, percent)))
                .toList();
    }

    /** The upper end of the bin that a share of the documents reaches. */
    private static String border(Histogram histogram, int percent) {
        return Numerals.format("%.2f", (histogram.border(percent, HUNDRED) + 1) * Histogram.WIDTH);
    }
}
