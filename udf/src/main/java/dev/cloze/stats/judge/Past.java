package dev.cloze.stats.judge;

import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The earlier nights of a slice that count, from the first on which it had a document. A night without a row for it is one with zeros.
 */
final class Past {
    /** Nights of references and rates. */
    static final int POOL = 28;
    /** Fewer nights with documents are no reference. */
    private static final int FEWEST = 3;

    /** A night of this slice. */
    record Dated(LocalDate date, SliceState state) {}

    private final List<Dated> nights = new ArrayList<>();
    private Optional<Histogram> pooled = Optional.empty();

    void add(LocalDate date, SliceState state) {
        nights.add(new Dated(date, state));
        List<SliceState> past =
                last(POOL).stream().filter(each -> each.scored() > 0).toList();
        pooled = past.size() < FEWEST
                ? Optional.empty()
                : past.stream().map(SliceState::histogram).reduce(Histogram::plus);
    }

    List<Dated> nights() {
        return nights;
    }

    boolean isEmpty() {
        return nights.isEmpty();
    }

    /** The states of the last {@code count} nights. */
    List<SliceState> last(int count) {
        return nights.subList(Math.max(0, nights.size() - count), nights.size()).stream()
                .map(Dated::state)
                .toList();
    }

    /** The documents of the last {@value #POOL} nights together; absent with fewer than {@value #FEWEST} nights that have any. */
    Optional<Histogram> pooled() {
        return pooled;
    }

    long nightsWithDocuments() {
        return nights.stream().filter(night -> night.state.documents() > 0).count();
    }
}
