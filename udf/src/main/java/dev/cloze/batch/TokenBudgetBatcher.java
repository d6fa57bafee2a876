package dev.cloze.batch;

import dev.cloze.mask.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts variants of about one length together, so that little is padded, batches are few and none is larger than memory allows.
 *
 * @param tokenBudget tokens of a batch, padding included; a single longer variant still gets a batch of its own
 */
public record TokenBudgetBatcher(int tokenBudget) {
    /** When nobody says otherwise: larger batches pad more and gain nothing on a CPU. */
    public static final int DEFAULT = 512;
    /**
     * A batch costs as much as so many parts of the budget, beside its tokens: 42 tokens of the default, about what was measured on a
     * CPU. Where larger batches are wanted, on a GPU, each costs more as well.
     */
    private static final int OVERHEAD = 12;
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
        int[] lengths =
                sorted.stream().mapToInt(item -> variantOf.apply(item).length()).toArray();
        int[] begins = begins(lengths);
        LinkedList<List<T>> groups = new LinkedList<>();
        for (int end = lengths.length; end > 0; end = begins[end]) {
            groups.addFirst(sorted.subList(begins[end], end));
        }
        return groups;
    }

    /**
     * Where the batch begins that ends before an index, in the cheapest division of all items before it. Found by dynamic programming
     * over {@code lengths}, longest first: a batch is as wide as its first item.
     */
    private int[] begins(int[] lengths) {
        long[] cost = new long[lengths.length + 1];
        int[] begins = new int[lengths.length + 1];
        for (int end = 1; end <= lengths.length; end++) {
            cost[end] = Long.MAX_VALUE;
            for (int begin = end - 1; begin >= 0 && isBatch(end - begin, lengths[begin]); begin--) {
                long whole = cost[begin] + (long) (end - begin) * lengths[begin] + tokenBudget / OVERHEAD;
                if (whole < cost[end]) {
                    cost[end] = whole;
                    begins[end] = begin;
                }
            }
        }
        return begins;
    }

    private boolean isBatch(int rows, int width) {
        return rows == 1 || (long) rows * width <= tokenBudget;
    }
}
