package dev.cloze.job.output;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.cloze.scoring.Metric;
import dev.cloze.scoring.Metrics;

/**
 * What it took to score the rows of an attempt, in all tasks that ended well.
 *
 * @param rows that have their outcome
 * @param repeated those of them that have the outcome of an equal one
 * @param tokens that the model read, without padding
 * @param paddingShare padding ÷ (tokens + padding)
 * @param batches runs of the model
 * @param tokenizeSeconds in the tokenizer, summed over tasks as the following ones
 * @param planSeconds in which variants were made of texts
 * @param runSeconds in the model
 * @param writeSeconds in which results became files
 * @param tokensPerSecond for each core, by the seconds of this record
 */
@JsonPropertyOrder({
    "rows",
    "rows_repeated",
    "tokens",
    "padding_share",
    "batches",
    "tokenize_seconds",
    "plan_seconds",
    "run_seconds",
    "write_seconds",
    "tokens_per_second_and_core"
})
public record AttemptMetrics(
        @JsonProperty("rows") long rows,
        @JsonProperty("rows_repeated") long repeated,
        @JsonProperty("tokens") long tokens,
        @JsonProperty("padding_share") double paddingShare,
        @JsonProperty("batches") long batches,
        @JsonProperty("tokenize_seconds") double tokenizeSeconds,
        @JsonProperty("plan_seconds") double planSeconds,
        @JsonProperty("run_seconds") double runSeconds,
        @JsonProperty("write_seconds") double writeSeconds,
        @JsonProperty("tokens_per_second_and_core") double tokensPerSecond) {
    private static final double DIGITS = 1e4;

    /** @param taskCores cores that a task computes with */
    public static AttemptMetrics of(Metrics metrics, int taskCores) {
        return new AttemptMetrics(
                metrics.of(Metric.ROWS),
                metrics.of(Metric.REPEATED),
                metrics.of(Metric.TOKENS),
                rounded(metrics.paddingShare()),
                metrics.of(Metric.BATCHES),
                rounded(metrics.seconds(Metric.TOKENIZE)),
                rounded(metrics.seconds(Metric.PLAN)),
                rounded(metrics.seconds(Metric.RUN)),
                rounded(metrics.seconds(Metric.WRITE)),
                rounded(metrics.tokensPerSecond(taskCores)));
    }

    private static double rounded(double value) {
        return Math.round(value * DIGITS) / DIGITS;
    }
}
