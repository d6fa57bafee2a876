package dev.cloze.job.audit;

import dev.cloze.stats.night.Night;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * Nights of scores that exist already.
 *
 * @param scores where they lie
 * @param terminal receives messages for the user
 */
public record TableNights(ScoredDocuments scores, SparkSession spark, Consumer<String> terminal)
        implements NightSource {
    @Override
    public Night night(LocalDate date) {
        return scores.night(date, spark, terminal);
    }

    @Override
    public List<Night> nights(LocalDate first, LocalDate last) {
        return scores.nights(first, last, spark, terminal);
    }

    @Override
    public NightDocuments documents() {
        return scores.documents(spark);
    }
}
