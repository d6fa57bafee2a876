package dev.cloze.scoring;

import java.util.Collections;
import java.util.Iterator;
import java.util.function.Supplier;

/**
 * How one document is scored.
 *
 * @param questions what to ask the model, made as they are needed: a long document may have thousands. When there is none for
 *     now, more may come of the answers to earlier ones
 * @param reduce called once, after every question was answered: what the answers add up to
 */
public record Plan<R>(Iterator<Question> questions, Supplier<Outcome<R>> reduce) {

    /** A document that cannot be scored, and why. */
    public static <R> Plan<R> refuse(Status status, String why) {
        return new Plan<>(Collections.emptyIterator(), () -> Outcome.none(status, why));
    }
}
