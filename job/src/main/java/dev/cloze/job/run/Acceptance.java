package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;

import dev.cloze.failure.ClozeException;
import dev.cloze.scoring.Status;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Whether results are what a run was for: not too many rows failed, and at least one got an answer.
 *
 * @param tolerance how many rows may fail
 * @param scoring what made the results
 * @param whose rows these are, in words: its, or its first
 */
record Acceptance(Tolerance tolerance, Scoring scoring, String whose) {
    private static final String OK = Status.OK.label();

    /**
     * Fails when the results are not.
     *
     * @param scored the results
     * @param rows number of them of each status
     * @param corpus counts the rows of the corpus
     * @param place where to look for rows that failed
     */
    void require(Supplier<Dataset<Row>> scored, Map<String, Long> rows, LongSupplier corpus, String place) {
        tolerance.require(rows, corpus, place);
        if (isAnswered(scored, rows)) {
            return;
        }
        long all = corpus.getAsLong();
        if (all > 0 && !tolerance.allows(all, all)) {
            throw unanswered(scored, rows, all);
        }
    }

    private boolean isAnswered(Supplier<Dataset<Row>> scored, Map<String, Long> rows) {
        boolean anyOk = rows.containsKey(OK);
        boolean allOk = rows.size() == (anyOk ? 1 : 0);
        return allOk && scoring.mayBeSilent()
                || anyOk
                        && (scoring.isOneForOne()
                                || !scored.get().filter(scoring.isAnswer()).isEmpty());
    }

    private ClozeException unanswered(Supplier<Dataset<Row>> scored, Map<String, Long> rows, long all) {
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
    private static String reason(Supplier<Dataset<Row>> scored, Map<String, Long> rows) {
        return rows.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(OK))
                .max(Map.Entry.comparingByValue())
                .flatMap(
                        most -> scored
                                .get()
                                .filter(col("status").equalTo(most.getKey()))
                                .select("error")
                                .limit(1)
                                .collectAsList()
                                .stream()
                                .filter(row -> !row.isNullAt(0))
                                .map(row -> ": " + row.getString(0).replaceFirst("^Cannot", "cannot"))
                                .findFirst())
                .orElse(": there is too little text in them");
    }
}
