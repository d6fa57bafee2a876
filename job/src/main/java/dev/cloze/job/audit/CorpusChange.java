package dev.cloze.job.audit;

import dev.cloze.job.report.NightPage;
import dev.cloze.job.report.NightPage.Bar;
import dev.cloze.job.report.NightPage.Part;
import dev.cloze.job.report.Tone;
import dev.cloze.stats.night.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the change of the whole corpus comes from, as a page shows it.
 *
 * @param change null where it is not known
 */
record CorpusChange(VerdictRecord.Change change) {
    private static final int MOST_PARTS = 8;
    private static final int NIGHTS_DRAWN = 56;

    NightPage.Corpus section(NightSeries series) {
        return new NightPage.Corpus(
                change == null
                        ? ""
                        : Numerals.format(
                                "Why the whole corpus is %+.4f nats from the %d nights before",
                                change.total(), NightStates.REFERENCE),
                change == null || change.slices().size() < 2 ? List.of() : parts(),
                series.chart(Slice.CORPUS, "cross-entropy", NIGHTS_DRAWN, Tone.OK));
    }

    /** The largest, all others in one, and the sum. */
    private List<Part> parts() {
        List<VerdictRecord.Part> sorted = change.slices().stream()
                .sorted(Comparator.comparingDouble(part -> -Math.abs(part.mix()) - Math.abs(part.within())))
                .toList();
        boolean fits = sorted.size() <= MOST_PARTS + 1;
        List<VerdictRecord.Part> shown = fits ? sorted : sorted.subList(0, MOST_PARTS);
        List<VerdictRecord.Part> rest = sorted.subList(shown.size(), sorted.size());
        double most = Math.max(
                Math.abs(change.total()),
                shown.stream()
                        .mapToDouble(part -> Math.max(Math.abs(part.mix()), Math.abs(part.within())))
                        .max()
                        .orElse(0));
        List<Part> parts = new ArrayList<>();
        shown.forEach(part ->
                parts.add(part(NightReport.name(VerdictRecord.slice(part.slice())), part.within(), part.mix(), most)));
        if (!rest.isEmpty()) {
            parts.add(part(
                    rest.size() + " other slices",
                    rest.stream().mapToDouble(VerdictRecord.Part::within).sum(),
                    rest.stream().mapToDouble(VerdictRecord.Part::mix).sum(),
                    most));
        }
        double within =
                change.slices().stream().mapToDouble(VerdictRecord.Part::within).sum();
        parts.add(part(Slice.CORPUS.label(), within, change.total() - within, most));
        return parts;
    }

    private static Part part(String name, double within, double mix, double most) {
        return new Part(name, Numerals.format("%+.4f", within + mix), Bar.of(within, most), Bar.of(mix, most));
    }
}
