package dev.cloze.scoring;

import java.util.Collections;
import java.util.Iterator;
import java.util.function.Supplier;

/**
 * How one document is scored.
 *
 * @param queries what to ask the model, made as they are needed: a long document may have thousands. When there is none for
 *     now, the predictions for earlier ones may bring more
 * @param reduce called once, after the predictions for all queries were delivered: what the predictions add up to
 */
public record Plan<R>(Iterator<Query> queries, Supplier<Outcome<R>> reduce) {

    /** A document that cannot be scored, and why. */
    public static <R> Plan<R> refuse(Status status, String why) {
        return new Plan<>(Collections.emptyIterator(), () -> Outcome.none(status, why));
    }
}
