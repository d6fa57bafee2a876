package dev.cloze.stats.judge;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** All tests of a night, judged together by the procedure of Benjamini and Hochberg (1995). */
final class Family {
    private Family() {}

    /**
     * The tests that are rejected when, on nights on which nothing happened, a share of {@code rate} may have any.
     *
     * <p>With p₍₁₎ ≤ … ≤ p₍ₘ₎ sorted, the tests up to the last i with p₍ᵢ₎ ≤ rate · i / m.
     */
    static Set<Check> rejected(List<? extends Check> tests, double rate) {
        List<? extends Check> sorted =
                tests.stream().sorted(Comparator.comparingDouble(Check::p)).toList();
        int last = IntStream.rangeClosed(1, sorted.size())
                .filter(i -> sorted.get(i - 1).p() <= rate * i / sorted.size())
                .max()
                .orElse(0);
        return new HashSet<>(sorted.subList(0, last));
    }
}
