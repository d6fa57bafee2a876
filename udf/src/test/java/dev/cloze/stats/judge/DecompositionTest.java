package dev.cloze.stats.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.stats.judge.Decomposition.Tokens;
import dev.cloze.stats.night.Slice;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Where a change comes from, on a thousand made-up corpora of sources and languages. */
class DecompositionTest {
    private static final int CORPORA = 1_000;
    private static final List<String> SOURCES = List.of("news", "forum", "letters", "court", "faq");
    private static final List<String> LANGUAGES = List.of("en", "de", "fr");

    /** Slices of one side: some are missing, some are there without a token. */
    private static Map<Slice, Tokens> side(Random random) {
        Map<Slice, Tokens> side = new LinkedHashMap<>();
        for (String source : SOURCES) {
            for (String language : LANGUAGES) {
                double kind = random.nextDouble();
                double tokens = kind < 0.15 ? 0 : Math.floor(Math.exp(random.nextDouble() * 18)) + 1;
                if (kind < 0.8) {
                    side.put(Slice.of(source, language), new Tokens(tokens, tokens * (0.1 + 6 * random.nextDouble())));
                }
            }
        }
        side.put(Slice.of("always", "en"), new Tokens(1_000, 2_000 * random.nextDouble()));
        return side;
    }

    private static Decomposition draw(int seed) {
        Random random = new Random(seed);
        return Decomposition.of(side(random), side(random));
    }

    @Test
    void thePartsAddUpWithNewVanishedAndEmptySlices() {
        for (int i = 0; i < CORPORA; i++) {
            Decomposition change = draw(i);
            double sum = change.slices().stream()
                    .mapToDouble(share -> share.mix() + share.within())
                    .sum();
            assertThat(sum).as("corpus %d", i).isCloseTo(change.total(), within(1e-12));
        }
    }

    @Test
    void aSliceThatIsNewOrGoneIsAllMix() {
        for (int i = 0; i < CORPORA; i++) {
            assertThat(draw(i).slices().stream().filter(share -> share.share() == 0 || share.shareBefore() == 0))
                    .as("corpus %d", i)
                    .allMatch(share -> share.within() == 0);
        }
    }

    @Test
    void bySourceAndByLanguageTheTotalIsTheSame() {
        for (int i = 0; i < CORPORA; i++) {
            Decomposition change = draw(i);
            for (int column = 0; column < 2; column++) {
                assertThat(total(change, column)).as("corpus %d", i).isCloseTo(change.total(), within(1e-12));
            }
        }
    }

    private static double total(Decomposition change, int column) {
        Map<String, Double> parts = new HashMap<>();
        ToDoubleFunction<Share> both = share -> share.mix() + share.within();
        change.slices()
                .forEach(share ->
                        parts.merge(share.slice().values().get(column), both.applyAsDouble(share), Double::sum));
        return parts.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
