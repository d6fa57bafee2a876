package dev.cloze.scoring;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** Iterators one after another, each made when the one before it is used up; a stream's flatMap would hold them all. */
final class Chain<S, T> implements Iterator<T> {
    private final Iterator<S> sources;
    private final Function<S, Iterator<T>> open;
    private Iterator<T> current = Collections.emptyIterator();

    Chain(Iterator<S> sources, Function<S, Iterator<T>> open) {
        this.sources = sources;
        this.open = open;
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && sources.hasNext()) {
            current = open.apply(sources.next());
        }
        return current.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }
}
