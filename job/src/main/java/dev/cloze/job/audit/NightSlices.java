package dev.cloze.job.audit;

import dev.cloze.job.report.BandChart;
import dev.cloze.job.report.NightPage.SliceRow;
import dev.cloze.job.report.NightPage.SliceTable;
import dev.cloze.job.report.Tone;
import dev.cloze.stats.judge.CountRule;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The table of all slices of a night. */
record NightSlices(VerdictRecord verdict, NightStates states, NightSeries series) {
    /** With more slices only those with findings are drawn: a page stays small. */
    private static final int MOST_DRAWN = 60;

    private static final int NIGHTS_DRAWN = 28;
    private static final String NOTHING = "–";

    SliceTable table(List<String> sliceBy) {
        List<Slice> slices = states.ordered(verdict.findings().stream()
                .map(found -> VerdictRecord.slice(found.slice()))
                .toList());
        boolean drawsAll = slices.size() <= MOST_DRAWN;
        return new SliceTable(
                sliceBy.isEmpty() ? "slice" : NightReport.shown(String.join(", ", sliceBy)),
                slices.stream().map(slice -> row(slice, drawsAll)).toList(),
                drawsAll ? "" : "The last nights are drawn for slices with findings.");
    }

    private SliceRow row(Slice slice, boolean isDrawn) {
        List<VerdictRecord.Found> found = verdict.findings().stream()
                .filter(each -> VerdictRecord.slice(each.slice()).equals(slice))
                .toList();
        Tone tone = found.stream()
                .map(each -> Tone.of(each.state()))
                .max(Comparator.naturalOrder())
                .orElse(Tone.OK);
        Optional<BandChart> level =
                isDrawn || !found.isEmpty() ? series.chart(slice, "level", NIGHTS_DRAWN, tone) : Optional.empty();
        return new SliceRow(NightReport.name(slice), tone, level, cells(slice, found));
    }

    private List<String> cells(Slice slice, List<VerdictRecord.Found> found) {
        SliceState state = states.of(slice);
        Optional<VerdictRecord.Checked> level = series.tonight(slice, "level");
        return List.of(
                Numerals.count(state.documents()),
                state.scored() == 0 ? NOTHING : Numerals.nats(state.sums().c() / state.scored()),
                level.map(check -> Numerals.nats(check.expected().get(0)) + " – "
                                + Numerals.nats(check.expected().get(1)))
                        .orElse(NOTHING),
                mark(slice),
                level.map(check -> "±" + Numerals.nats(check.wouldNotice())).orElse(NOTHING),
                found.isEmpty() ? "ok" : found(found));
    }

    /** The rules by what they count for. */
    private static String found(List<VerdictRecord.Found> found) {
        Map<String, List<String>> rules = found.stream()
                .collect(Collectors.groupingBy(
                        VerdictRecord.Found::state,
                        LinkedHashMap::new,
                        Collectors.mapping(VerdictRecord.Found::rule, Collectors.toList())));
        return rules.entrySet().stream()
                .map(each -> each.getKey() + ": " + String.join(", ", each.getValue()))
                .collect(Collectors.joining("; "));
    }

    private String mark(Slice slice) {
        return CountRule.MARKS.stream()
                .flatMap(mark -> series.tonight(slice, mark).stream())
                .max(Comparator.comparingDouble(VerdictRecord.Checked::value))
                .map(check -> Numerals.percent(check.value()) + " %" + (check.value() > 0 ? " " + check.rule() : ""))
                .orElse(NOTHING);
    }
}
