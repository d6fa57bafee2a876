package dev.cloze.rows;

import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Status;
import java.util.List;
import java.util.Optional;

/**
 * What goes out beside the carried columns.
 *
 * @param values one for each field of the results
 * @param status of this row
 * @param error the reason in words, when there is something to say
 */
public record ResultRow(List<Object> values, Status status, Optional<String> error) {
    static <R> ResultRow of(Outcome<R> outcome, ResultRows<R> results) {
        return new ResultRow(
                outcome.value().map(results::values).orElseGet(results::none), outcome.status(), outcome.error());
    }
}
