package dev.cloze.job.audit;

import dev.cloze.settings.Labels;
import dev.cloze.stats.exemplar.Candidate;
import dev.cloze.stats.exemplar.Exemplars;
import dev.cloze.stats.exemplar.Surprisal;
import dev.cloze.stats.judge.Finding;
import dev.cloze.stats.night.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Documents that show what was found on a night.
 *
 * @param documents of the nights; where they are not at hand, those of the verdict before are kept
 * @param areTextsShown whether a verdict has their texts
 */
public record Examples(Optional<NightDocuments> documents, boolean areTextsShown) {
    /** Five documents of each. */
    private static final int MOST_SLICES = 6;
    /** Of a text. */
    private static final int MOST_CHARACTERS = 2_000;

    private static final double HUNDREDTHS = 100;

    /** Those among {@code documents}. */
    public static Examples of(NightDocuments documents) {
        return new Examples(Optional.of(documents), true);
    }

    /** Those of the verdicts before. */
    public static Examples kept() {
        return new Examples(Optional.empty(), true);
    }

    /** The same without texts. */
    public Examples withoutTexts() {
        return new Examples(documents, false);
    }

    /**
     * Those of a night.
     *
     * @param before the verdict before on the same documents, if there is one
     */
    List<VerdictRecord.Exemplar> of(JudgedNight judged, NightStates states, Optional<VerdictRecord> before) {
        List<VerdictRecord.Exemplar> all = documents
                .map(source -> chosen(source, judged, states))
                .orElseGet(() -> before.map(VerdictRecord::exemplars).orElse(List.of()));
        return areTextsShown
                ? all
                : all.stream().map(VerdictRecord.Exemplar::withoutText).toList();
    }

    private static List<VerdictRecord.Exemplar> chosen(
            NightDocuments documents, JudgedNight judged, NightStates states) {
        List<VerdictRecord.Exemplar> chosen = new ArrayList<>();
        for (Slice slice : slices(judged)) {
            Optional<Interest> interest = new Interests(judged, states).in(slice);
            interest.map(each -> documents.candidates(judged.night().date(), slice, each))
                    .map(Exemplars::of)
                    .orElse(List.of())
                    .forEach(each -> chosen.add(record(judged.names(slice), each)));
        }
        return chosen;
    }

    /** Those with findings, the most important first; the whole corpus only where no slice has any. */
    private static List<Slice> slices(JudgedNight judged) {
        List<Slice> found = judged.verdict().findings().stream()
                .map(Finding::slice)
                .distinct()
                .toList();
        return found.stream()
                .filter(slice -> !slice.isCorpus() || found.size() == 1)
                .limit(MOST_SLICES)
                .toList();
    }

    /**
     * As it is written.
     *
     * @param slice values by the columns of slices
     */
    static VerdictRecord.Exemplar record(Map<String, String> slice, Exemplars.Exemplar exemplar) {
        Candidate document = exemplar.document();
        String text = document.text().map(Examples::cut).orElse(null);
        return new VerdictRecord.Exemplar(
                slice,
                Labels.of(exemplar.kind()),
                document.id().orElse(null),
                exemplar.alike(),
                document.tokensScored(),
                document.crossEntropy(),
                document.excess(),
                document.marks(),
                text,
                text == null || document.surprisals().isEmpty() ? null : surprisals(document, text.length()));
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= MOST_CHARACTERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MOST_CHARACTERS));
    }

    private static VerdictRecord.Surprisals surprisals(Candidate document, int length) {
        List<Surprisal> shown = document.surprisals().stream()
                .filter(token -> token.end() <= length)
                .toList();
        return new VerdictRecord.Surprisals(
                shown.stream().map(Surprisal::start).toList(),
                shown.stream().map(Surprisal::end).toList(),
                shown.stream()
                        .map(token -> Math.round(HUNDREDTHS * token.nll()) / HUNDREDTHS)
                        .toList());
    }
}
