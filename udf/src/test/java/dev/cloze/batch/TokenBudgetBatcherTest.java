package dev.cloze.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.mask.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Items are lengths here. */
class TokenBudgetBatcherTest {
    @Test
    void batchesHoldAllItemsLongestFirst() {
        List<Integer> lengths = List.of(3, 60, 7, 7, 512, 3, 60);

        List<List<Integer>> groups = group(512, lengths);

        assertThat(groups.stream().flatMap(List::stream)).containsExactly(512, 60, 60, 7, 7, 3, 3);
        assertThat(group(512, List.of())).isEmpty();
    }

    @Test
    void aBatchHoldsNoMoreThanTheBudgetUnlessItsOnlyItemDoes() {
        List<List<Integer>> groups = group(100, List.of(120, 50, 50, 50, 34, 33, 33, 33));

        assertThat(groups.get(0)).containsExactly(120);
        assertThat(groups.subList(1, groups.size())).allMatch(group -> padded(group) <= 100);
    }

    /** A batch costs 1200 ÷ 12 = 100 tokens: padding 10 rows by 2 tokens costs less, padding 60 of them costs more. */
    @Test
    void aBatchIsCutWhereThePaddingCostsMoreThanAnother() {
        assertThat(group(1200, lengths(10, 10, 10, 8))).hasSize(1);
        assertThat(group(1200, lengths(10, 10, 60, 8))).extracting(List::size).containsExactly(10, 60);
    }

    /** Against all 2^9 divisions of ten items. */
    @Test
    void noDivisionIsCheaper() {
        Random random = new Random(1);
        for (int trial = 0; trial < 20; trial++) {
            List<Integer> lengths = random.ints(10, 1, 60).boxed().toList();
            List<Integer> sorted =
                    lengths.stream().sorted((a, b) -> Integer.compare(b, a)).toList();
            long cheapest = IntStream.range(0, 1 << 9)
                    .mapToObj(cuts -> cut(sorted, cuts))
                    .filter(groups -> groups.stream().allMatch(group -> group.size() == 1 || padded(group) <= 240))
                    .mapToLong(groups -> cost(groups, 20))
                    .min()
                    .orElseThrow();

            assertThat(cost(group(240, lengths), 20)).isEqualTo(cheapest);
        }
    }

    private static List<List<Integer>> cut(List<Integer> sorted, int cuts) {
        List<List<Integer>> groups = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || (cuts >> (i - 1) & 1) == 1) {
                groups.add(sorted.subList(from, i));
                from = i;
            }
        }
        return groups;
    }

    /**
     * Lengths as the sentences of {@code bench/prose.py} have them: 5 to 60 words, a gamma distribution of shape 3. A job of 800 rows on
     * two cores has four groups of 200 rows.
     */
    @Test
    void twoHundredSentencesArePaddedByLessThanATwentieth() {
        Random random = new Random(7);
        long tokens = 0;
        long padded = 0;
        for (int task = 0; task < 4; task++) {
            List<Integer> lengths = Stream.generate(() -> words(random))
                    .filter(words -> words >= 5 && words <= 60)
                    .limit(200)
                    .map(words -> 3 + words * 23 / 20)
                    .toList();
            tokens += lengths.stream().mapToInt(Integer::intValue).sum();
            padded += group(512, lengths).stream()
                    .mapToLong(TokenBudgetBatcherTest::padded)
                    .sum();
        }

        assertThat(padded / (double) tokens).isBetween(1.0, 1.05);
    }

    /** The sum of three exponential variables of mean 10. */
    private static int words(Random random) {
        return (int) -(10 * Math.log(random.nextDouble() * random.nextDouble() * random.nextDouble()));
    }

    private static List<Integer> lengths(int rows, int length, int others, int otherLength) {
        return Stream.concat(
                        Stream.generate(() -> length).limit(rows),
                        Stream.generate(() -> otherLength).limit(others))
                .toList();
    }

    private static long cost(List<List<Integer>> groups, long batch) {
        return groups.stream().mapToLong(group -> padded(group) + batch).sum();
    }

    private static long padded(List<Integer> group) {
        return (long) group.size() * group.get(0);
    }

    private static List<List<Integer>> group(int budget, List<Integer> lengths) {
        return new TokenBudgetBatcher(budget).group(lengths, TokenBudgetBatcherTest::variant);
    }

    private static Variant variant(int length) {
        return new Variant(new long[length], new long[length], new int[] {0}, 1, new long[1][0]);
    }
}
