package dev.cloze.executor;

import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.text.Document;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The rows of a partition, scored, in their order. As many rows are held as the scorer reads ahead.
 *
 * @param <T> a row that comes in
 * @param <R> what its document's answers add up to
 * @param <O> a row that goes out
 */
public final class ScoredRows<T, R, O> implements Iterator<O> {
    private final Deque<T> waiting = new ArrayDeque<>();
    private final Iterator<Outcome<R>> outcomes;
    private final BiFunction<T, Outcome<R>, List<O>> out;
    private Iterator<O> ready = Collections.emptyIterator();

    /**
     * @param rows that may be held
     * @param document of a row
     * @param out the rows that a row and the outcome of its document become
     */
    public ScoredRows(
            Iterator<T> rows,
            Function<T, Document> document,
            Scorer<R> scorer,
            BiFunction<T, Outcome<R>, List<O>> out) {
        Iterator<Document> documents = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Document next() {
                T row = rows.next();
                waiting.add(row);
                return document.apply(row);
            }
        };
        this.outcomes = TaskModel.withinMemory(scorer.score(documents));
        this.out = out;
    }

    @Override
    public boolean hasNext() {
        while (!ready.hasNext() && outcomes.hasNext()) {
            Outcome<R> outcome = outcomes.next();
            ready = out.apply(waiting.remove(), outcome).iterator();
        }
        return ready.hasNext();
    }

    @Override
    public O next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.next();
    }
}
