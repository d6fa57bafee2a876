package dev.cloze.spark;

import dev.cloze.spark.catalyst.SqlFunctions;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives a session of Spark the functions {@code fill_mask}, {@code pseudo_log_likelihood}, {@code perplexity}, {@code token_surprisal},
 * {@code augment}, {@code embed}, {@code corpus_perplexity} and {@code cloze_result}: {@code spark.sql.extensions=dev.cloze.spark.ClozeExtensions}. Settings
 * under {@code spark.cloze.} say with which model; {@code DESCRIBE FUNCTION EXTENDED fill_mask} is the manual.
 */
public final class ClozeExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        SqlFunctions.register(extensions);
        return BoxedUnit.UNIT;
    }
}
