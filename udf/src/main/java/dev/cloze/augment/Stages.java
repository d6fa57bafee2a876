package dev.cloze.augment;

import dev.cloze.mask.Variant;
import dev.cloze.model.Prediction;
import dev.cloze.scoring.Query;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** Queries in stages: a stage begins when everything that was asked before it is answered. */
final class Stages implements Iterator<Query> {
    private final Deque<Iterator<Query>> asked = new ArrayDeque<>();
    private final Deque<Runnable> stages = new ArrayDeque<>();
    private int open;

    /** Adds the last of all stages. */
    void then(Runnable stage) {
        stages.add(stage);
    }

    /** Asks within the running stage; the callback may ask more. */
    void ask(Variant variant, Consumer<List<Prediction>> callback) {
        ask(List.of(new Query(variant, callback)).iterator());
    }

    void ask(Iterator<Query> queries) {
        asked.add(queries);
    }

    /** Runs {@code more}, which may ask, after the queries that were asked before it in the running stage were handed out. */
    void askLater(Runnable more) {
        asked.add(new Iterator<>() {
            @Override
            public boolean hasNext() {
                more.run();
                return false;
            }

            @Override
            public Query next() {
                throw new NoSuchElementException();
            }
        });
    }

    @Override
    public boolean hasNext() {
        while (true) {
            while (!asked.isEmpty() && !asked.peek().hasNext()) {
                asked.remove();
            }
            if (!asked.isEmpty()) {
                return true;
            }
            if (open > 0 || stages.isEmpty()) {
                return false;
            }
            stages.remove().run();
        }
    }

    @Override
    public Query next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Query query = asked.peek().next();
        open++;
        return new Query(
                query.variant(),
                predictions -> {
                    open--;
                    query.callback().accept(predictions);
                },
                query.output());
    }
}
