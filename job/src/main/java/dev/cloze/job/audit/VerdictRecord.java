package dev.cloze.job.audit;

import dev.cloze.stats.night.Slice;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * {@code verdicts/date=D/verdict-<digest>.json}: what was said of a night. It holds no times, and is never rewritten.
 *
 * @param format of the file
 * @param corpus name
 * @param date of the night
 * @param run that was judged
 * @param supersedes the run of the same date that counted before; null when there was none
 * @param sequence 1 for the first verdict on the date
 * @param verdict ok, warming-up, watch or drift
 * @param exitCode 0, or 3 for drift
 * @param sentence what was found, in words
 * @param baseline nights that it was judged by
 * @param rates shares of quiet nights that may have a false drift and a false watch
 * @param corpusFigures of the whole corpus
 * @param findings what was found, the most important first
 * @param checks everything that was judged
 * @param change where the change of the corpus' cross-entropy comes from; null where it has none
 * @param exemplars documents that show what was found, by slices
 */
record VerdictRecord(
        int format,
        String corpus,
        String date,
        String run,
        String supersedes,
        int sequence,
        String verdict,
        int exitCode,
        String sentence,
        Baseline baseline,
        Rates rates,
        CorpusFigures corpusFigures,
        List<Found> findings,
        List<Checked> checks,
        Change change,
        List<Exemplar> exemplars) {

    VerdictRecord {
        // Verdicts of earlier versions have none.
        exemplars = exemplars == null ? List.of() : exemplars;
    }

    /** This, when nothing of it is missing that is read. */
    VerdictRecord whole() {
        LocalDate.parse(date);
        Stream.of(run, verdict, sentence, corpusFigures, findings, checks)
                .forEach(part -> Objects.requireNonNull(part, "a part of it is missing"));
        return this;
    }

    /** The slice with these values by the columns of slices. */
    static Slice slice(Map<String, String> values) {
        return new Slice(new ArrayList<>(values.values()));
    }

    LocalDate day() {
        return LocalDate.parse(date);
    }

    /**
     * Earlier nights.
     *
     * @param from the first; null when there is none
     * @param to the last
     */
    record Baseline(int nights, String from, String to) {}

    /** Shares of quiet nights. */
    record Rates(double drift, double watch) {}

    /**
     * Figures of all documents.
     *
     * @param crossEntropy nats a scored token; null without documents
     * @param perplexity its exponential
     */
    record CorpusFigures(
            long rows, long documents, long badRows, long tokensScored, Double crossEntropy, Double perplexity) {}

    /**
     * Something that was found.
     *
     * @param slice values by the columns of slices; empty for the whole corpus
     * @param state drift, watch or muted
     * @param why drift-rate, watch-rate, young, floor or absolute
     * @param p null for a fixed limit
     * @param since the first night of it, of up to eight in a row
     * @param sentence what it is, in words
     */
    record Found(
            Map<String, String> slice,
            String rule,
            String state,
            String why,
            Double p,
            String since,
            String sentence) {}

    /**
     * A check.
     *
     * @param value tonight's; nats, tokens, documents, or a share of the documents
     * @param usual what was expected
     * @param expected the range in which a value is usual; null for counts and the trend
     * @param p the probability of a value as unusual as this
     * @param z the distance from what was expected, in what it usually is
     * @param documents of the slice tonight
     * @param nights that the rule knows of the slice; null for counts and the trend
     * @param wouldNotice the change that would be noticed in 80 of 100 nights; nats, or of length, volume and spread a ratio
     */
    record Checked(
            String rule,
            Map<String, String> slice,
            double value,
            Double usual,
            List<Double> expected,
            double p,
            double z,
            long documents,
            Integer nights,
            Double wouldNotice) {
        /** The range in which a value is usual, where there is one, as a person reads it. */
        String range() {
            return Numerals.figure(expected.get(0)) + " to " + Numerals.figure(expected.get(1));
        }
    }

    /**
     * A change of the corpus' cross-entropy against the last 28 nights, nats.
     *
     * @param total all of it
     * @param slices what it is made of
     */
    record Change(double total, List<Part> slices) {}

    /**
     * What a slice adds to a change, nats.
     *
     * @param mix because it is a larger or smaller part of the corpus
     * @param within because of its own texts
     */
    record Part(Map<String, String> slice, double mix, double within) {}

    /**
     * A document that shows what was found.
     *
     * @param kind typical or extreme
     * @param id null where it has none
     * @param alike how many near-duplicates of it were among the documents that were looked at, with itself
     * @param crossEntropy nats a token
     * @param excess how probably it would not be there without the change
     * @param marks what can be seen of it without a model
     * @param text its beginning; null where it is not known, or not to be shown
     * @param surprisals of the tokens in this text; null where they are not known
     */
    record Exemplar(
            Map<String, String> slice,
            String kind,
            String id,
            int alike,
            long tokensScored,
            double crossEntropy,
            double excess,
            List<String> marks,
            String text,
            Surprisals surprisals) {
        Exemplar withoutText() {
            return new Exemplar(slice, kind, id, alike, tokensScored, crossEntropy, excess, marks, null, null);
        }
    }

    /**
     * How surprising the tokens of a text were to the model; three lists of one length.
     *
     * @param starts their first UTF-16 units in the text, and
     * @param ends the first behind them
     * @param nats their negative log-probabilities
     */
    record Surprisals(List<Integer> starts, List<Integer> ends, List<Double> nats) {}
}
