package dev.cloze.scoring;

import java.util.Optional;

/**
 * An answer, or the reason why there is none.
 *
 * @param status {@link Status#OK} exactly when there is a value
 * @param value the answer
 * @param error the reason in words
 */
public record Outcome<R>(Status status, Optional<R> value, Optional<String> error) {

    public static <R> Outcome<R> of(R value) {
        return new Outcome<>(Status.OK, Optional.of(value), Optional.empty());
    }

    public static <R> Outcome<R> none(Status status, String error) {
        return new Outcome<>(status, Optional.empty(), Optional.of(error));
    }
}
