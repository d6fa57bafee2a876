package dev.cloze.spark.catalyst;

import dev.cloze.failure.ClozeException;
import java.util.Map;
import org.apache.spark.QueryContext;
import org.apache.spark.sql.AnalysisException;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a user can repair, as Spark's own error of analysis: every client shows one line of it and, for a query, the place in the
 * text of the query. It has no cause, because {@code spark-sql} prints the stack trace of an error that has one.
 */
public final class Refusal {
    /** A condition that Spark 4.0, 4.1 and 4.2 have in their list; clients look it up there. */
    private static final String CONDITION = "FAILED_FUNCTION_CALL";

    private static final String SQL_STATE = "38000";

    private Refusal() {}

    /**
     * Throws the error. The return type lets a caller write {@code throw Refusal.of(…)}.
     *
     * @param function that was called
     * @param reason what is wrong, and the repair
     */
    public static RuntimeException of(String function, ClozeException reason) {
        String line = oneLine(reason.getMessage());
        Map<String, String> parameters = Map.of("funcName", "`" + function + "`", "reason", line);
        return unchecked(new AnalysisException(
                "[" + CONDITION + "] " + line + " SQLSTATE: " + SQL_STATE,
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.apply(CONDITION),
                Map$.MODULE$.from(CollectionConverters.asScala(parameters)),
                new QueryContext[0]));
    }

    /** A list of problems becomes a sentence; values that somebody typed may hold control characters. */
    private static String oneLine(String message) {
        return message.replaceAll(":\\R\\s*", ": ")
                .replaceAll("\\R\\s+", "; ")
                .replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
    }

    /** Scala, which Spark is written in, does not check exceptions. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> RuntimeException unchecked(Exception e) throws E {
        throw (E) e;
    }
}
