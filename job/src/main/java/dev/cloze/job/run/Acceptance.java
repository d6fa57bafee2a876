package dev.cloze.job.run;

import dev.cloze.failure.ClozeException;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Whether results are what a run was for: not too many rows failed, and at least one got an answer.
 *
 * @param tolerance how many rows may fail
 * @param scoring what made the results
 * @param whose rows these are, in words: its, or its first
 */
record Acceptance(Tolerance tolerance, Scoring scoring, String whose) {
    /**
     * Fails when the results are not.
     *
     * @param scored the results
     * @param rows number of them of each status
     * @param corpus counts the rows of the corpus
     * @param place where to look for rows that failed
     */
    void require(Results scored, Map<String, Long> rows, LongSupplier corpus, String place) {
        tolerance.require(rows, corpus, place);
        if (isAnswered(scored, rows)) {
            return;
        }
        long all = corpus.getAsLong();
        if (all > 0 && !tolerance.allows(all, all)) {
            throw unanswered(scored, rows, all);
        }
    }

    private boolean isAnswered(Results scored, Map<String, Long> rows) {
        boolean anyOk = rows.containsKey(Scoring.OK);
        boolean allOk = rows.size() == (anyOk ? 1 : 0);
        return allOk && scoring.mayBeSilent()
                || anyOk
                        && (scoring.isOneForOne()
                                || scored.first(scoring.isAnswer()).isPresent());
    }

    private ClozeException unanswered(Results scored, Map<String, Long> rows, long all) {
        String what = all == 1 ? "its only row" : String.format(Locale.ROOT, "none of %s %,d rows", whose, all);
        String got = all == 1 ? " got no answer" : " got an answer";
        return ClozeException.corpus(
                "score the corpus",
                what + got + statuses(rows) + reason(scored, rows),
                "correct the corpus, or run the same command with --max-bad-rows 1.0 to accept this",
                null);
    }

    /** How many rows have each status, in parentheses. */
    static String statuses(Map<String, Long> rows) {
        return rows.isEmpty()
                ? ""
                : rows.entrySet().stream()
                        .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    /** Why a row of the most frequent status has no answer. */
    private static String reason(Results scored, Map<String, Long> rows) {
        return rows.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(Scoring.OK))
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .flatMap(most -> scored.first(row -> most.equals(row.<String>getAs("status"))))
                .map(row -> row.<String>getAs("error"))
                .map(error -> ": " + error.replaceFirst("^Cannot", "cannot"))
                .orElse(": there is too little text in them");
    }
}
