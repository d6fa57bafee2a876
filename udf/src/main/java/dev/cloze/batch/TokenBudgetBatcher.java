package dev.cloze.batch;

import dev.cloze.mask.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Puts variants of about one length together, so that little is padded and no batch is larger than memory allows.
 *
 * @param tokenBudget tokens of a batch, padding included; a single longer variant still gets a batch of its own
 */
public record TokenBudgetBatcher(int tokenBudget) {
    /** When nobody says otherwise: larger batches pad more and gain nothing on a CPU. */
    public static final int DEFAULT = 512;
    /** No batch is larger, and no memory holds one that is. */
    public static final int MOST = 1_000_000;

    public TokenBudgetBatcher {
        if (tokenBudget < 1) {
            throw new IllegalArgumentException("A batch needs room for a token");
        }
    }

    /** Groups {@code items}, longest first; {@code variantOf} tells what of an item goes into the batch. */
    public <T> List<List<T>> group(List<T> items, Function<T, Variant> variantOf) {
        List<T> sorted = new ArrayList<>(items);
        sorted.sort(Comparator.comparingInt((T item) -> variantOf.apply(item).length())
                .reversed());
        List<List<T>> groups = new ArrayList<>();
        List<T> group = new ArrayList<>();
        int width = 0;
        for (T item : sorted) {
            Variant variant = variantOf.apply(item);
            if (group.isEmpty() || (group.size() + 1) * width > tokenBudget) {
                group = new ArrayList<>();
                groups.add(group);
                width = variant.length();
            }
            group.add(item);
        }
        return groups;
    }
}
