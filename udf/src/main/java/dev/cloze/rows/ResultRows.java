package dev.cloze.rows;

import dev.cloze.scoring.Outcome;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructField;

/**
 * The columns of one task's results, before {@code status} and {@code error}.
 *
 * @param <R> what a document's answers add up to
 */
public interface ResultRows<R> extends Serializable {

    List<StructField> fields();

    /** One value for each field. */
    List<Object> values(R result);

    /** One value for each field, of a row that has no result. */
    List<Object> none();

    /** The rows that a document becomes: one, unless a task says otherwise. */
    default List<ResultRow> rows(Outcome<R> outcome) {
        return List.of(ResultRow.of(outcome, this));
    }
}
