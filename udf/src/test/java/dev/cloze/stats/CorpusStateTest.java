package dev.cloze.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CorpusStateTest {
    @Test
    void thePerplexityIsThatOfAllTokensTogether() {
        CorpusState state = CorpusState.empty();
        state.add(10, 10, 4, 40, 10 * Math.log(2));
        state.add(30, 30, 8, 80, 30 * Math.log(8));

        // exp((10 ln 2 + 30 ln 8) / 40) = 2^((10 + 90) / 40); the mean of 2 and 8 is another figure.
        assertThat(state.perplexity()).isCloseTo(Math.pow(2, 2.5), within(1e-12));
        assertThat(state.meanDocumentPerplexity()).isCloseTo(5, within(1e-12));
        assertThat(state.wordPerplexity()).hasValueCloseTo(Math.pow(2, 100 / 12.0), within(1e-9));
        assertThat(state.bitsPerByte()).hasValueCloseTo(100 / 120.0, within(1e-12));
    }

    @Test
    void partsMergeToTheSameSumsInAnyOrder() {
        Random random = new Random(11);
        List<double[]> documents = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            documents.add(new double[] {1 + random.nextInt(900), random.nextDouble() * 8});
        }
        CorpusState whole = CorpusState.empty();
        documents.forEach(document -> add(whole, document));

        for (int round = 0; round < 20; round++) {
            Collections.shuffle(documents, random);
            List<CorpusState> parts = new ArrayList<>();
            for (int from = 0; from < documents.size(); ) {
                int to = Math.min(documents.size(), from + 1 + random.nextInt(700));
                CorpusState part = CorpusState.empty();
                documents.subList(from, to).forEach(document -> add(part, document));
                parts.add(part);
                from = to;
            }
            while (parts.size() > 1) {
                CorpusState taken = parts.remove(random.nextInt(parts.size()));
                parts.get(random.nextInt(parts.size())).merge(taken);
            }
            CorpusState merged = parts.get(0);
            assertThat(merged.sums().documents()).isEqualTo(5000);
            assertThat(merged.sums().tokens()).isEqualTo(whole.sums().tokens());
            assertThat(merged.sums().nll())
                    .isCloseTo(whole.sums().nll(), within(1e-9 * whole.sums().nll()));
            assertThat(merged.meanDocumentPerplexity())
                    .isCloseTo(whole.meanDocumentPerplexity(), within(1e-9 * whole.meanDocumentPerplexity()));
            assertThat(merged.sums().lowest()).isEqualTo(whole.sums().lowest());
            assertThat(merged.sums().highest()).isEqualTo(whole.sums().highest());
            assertThat(merged.quantiles()).isEqualTo(whole.quantiles());
            double[] sorted = documents.stream()
                    .mapToDouble(document -> document[1])
                    .sorted()
                    .toArray();
            for (double share : new double[] {0.05, 1.0 / 3, 0.5, 2.0 / 3, 0.95}) {
                double nearestRank = sorted[(int) Math.ceil(share * sorted.length) - 1];
                assertThat(merged.crossEntropyAt(share)).isCloseTo(nearestRank, within(0.00051));
                assertThat(merged.shareUpTo(merged.crossEntropyAt(share))).isCloseTo(share, within(0.002));
            }
        }
    }

    @Test
    void quantilesOfFewDocumentsAreExact() {
        CorpusState state = CorpusState.empty();
        for (int i = 1; i <= 1000; i++) {
            state.add(1, 1, 1, 1, i);
        }

        assertThat(state.crossEntropyAt(0.5)).isEqualTo(500);
        assertThat(state.shareUpTo(250)).isEqualTo(0.25);
        assertThat(state.shareUpTo(0.5)).isZero();
    }

    /** Expected values are NumPy's, see percentiles.py. */
    @Test
    void percentilesOfDocumentsAreThoseOfNumpy() throws IOException {
        JsonNode reference;
        try (InputStream in = CorpusStateTest.class.getResourceAsStream("/dev/cloze/stats/percentiles.json")) {
            reference = new ObjectMapper().readTree(in);
        }

        for (JsonNode expected : reference.path("cases")) {
            int documents = expected.path("documents").asInt();
            CorpusState state = CorpusState.empty();
            for (int i = 0; i < documents; i++) {
                state.add(1, 1, 1, 1, (i * 7919L % 100003) / 12500.0 + i % 7 / 3.0);
            }
            double bound = documents <= 1024 ? 1e-12 : Math.expm1(0.0005);
            for (var percentile : expected.path("percentiles").properties()) {
                double value = percentile.getValue().asDouble();
                assertThat(state.documentPerplexityAt(Integer.parseInt(percentile.getKey()) / 100.0))
                        .as("percentile %s of %d documents", percentile.getKey(), documents)
                        .isCloseTo(value, within(bound * value));
            }
        }
    }

    /** A perplexity of e^1000 is above every double. */
    @Test
    void aPercentileBetweenTwoInfinitePerplexitiesIsInfinite() {
        CorpusState state = CorpusState.empty();
        state.add(1, 1, 1, 1, 1000);
        state.add(1, 1, 1, 1, 2000);

        assertThat(state.documentPerplexityAt(0.5)).isInfinite();
    }

    @Test
    void aStateSurvivesItsBytes() throws Exception {
        CorpusState state = CorpusState.empty();
        for (int i = 1; i <= 3000; i++) {
            state.add(2, 1, 1, 4, i / 100.0);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(state);
        }
        CorpusState serialized;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            serialized = (CorpusState) in.readObject();
        }

        for (CorpusState copy : List.of(serialized, CorpusState.of(state.sums(), state.quantiles()))) {
            assertThat(copy.sums()).isEqualTo(state.sums());
            assertThat(copy.crossEntropyAt(0.3)).isEqualTo(state.crossEntropyAt(0.3));
        }
    }

    @Test
    void sumsThatNoDocumentsAddUpToAreRefused() {
        CorpusState state = CorpusState.empty();
        state.add(10, 10, 4, 40, 20);
        state.add(30, 20, 8, 80, 60);
        double perplexities = Math.exp(2) + Math.exp(3);
        assertThat(CorpusState.of(sums(40, 80, perplexities, 2, 3), state.quantiles())
                        .sums())
                .isEqualTo(state.sums());

        for (CorpusState.Sums damaged : List.of(
                new CorpusState.Sums(1, 2, 40, 30, 12, 120, 80, perplexities, 2, 3),
                new CorpusState.Sums(2, -2, 40, 30, 12, 120, 80, perplexities, 2, 3),
                new CorpusState.Sums(2, 2, 40, 41, 12, 120, 80, perplexities, 2, 3),
                new CorpusState.Sums(2, 2, 40, 30, -1, 120, 80, perplexities, 2, 3),
                new CorpusState.Sums(2, 2, 40, 30, 12, Long.MIN_VALUE, 80, perplexities, 2, 3),
                new CorpusState.Sums(2, 0, 40, 30, 12, 120, 80, perplexities, 2, 3),
                new CorpusState.Sums(3, 3, 40, 30, 12, 120, 80, perplexities, 2, 3),
                sums(40, Double.NaN, perplexities, 2, 3),
                sums(40, Double.POSITIVE_INFINITY, perplexities, 2, 3),
                sums(40, -80, perplexities, 2, 3),
                sums(40, 1e300, perplexities, 2, 3),
                sums(40, 80, Double.NaN, 2, 3),
                sums(40, 80, 0, 2, 3),
                sums(40, 80, perplexities, Double.NaN, 3),
                sums(40, 80, perplexities, 3, 2),
                sums(40, 80, perplexities, 2, Double.POSITIVE_INFINITY),
                sums(40, 80, perplexities, 2, 3.5))) {
            assertThatThrownBy(() -> CorpusState.of(damaged, state.quantiles()))
                    .as("%s", damaged)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("its ");
        }
    }

    private static CorpusState.Sums sums(long tokens, double nll, double perplexities, double lowest, double highest) {
        return new CorpusState.Sums(2, 2, tokens, 30, 12, 120, nll, perplexities, lowest, highest);
    }

    @Test
    void distributionsThatNoDocumentsHaveAreRefused() {
        CorpusState few = CorpusState.empty();
        few.add(1, 1, 1, 1, 2);
        few.add(1, 1, 1, 1, 3);
        CorpusState many = CorpusState.empty();
        for (int i = 0; i < 2000; i++) {
            many.add(1, 1, 1, 1, 2 + i % 3);
        }

        for (CorpusState state : List.of(few, many)) {
            byte[] bytes = state.quantiles();
            for (int length = 0; length < bytes.length; length++) {
                assertRefused(state, Arrays.copyOf(bytes, length));
            }
            assertRefused(state, Arrays.copyOf(bytes, bytes.length + 16));
            for (int count : List.of(-1, Integer.MIN_VALUE, 1, 1024, 1025, Integer.MAX_VALUE)) {
                assertRefused(
                        state, ByteBuffer.wrap(bytes.clone()).putInt(count).array());
            }
        }
        for (double value : List.of(Double.NaN, Double.POSITIVE_INFINITY, 5.0)) {
            assertRefused(
                    few, ByteBuffer.wrap(few.quantiles()).putDouble(4, value).array());
        }
        for (long count : List.of(-1L, 0L, 1L, Long.MAX_VALUE)) {
            assertRefused(
                    many, ByteBuffer.wrap(many.quantiles()).putLong(12, count).array());
        }
        for (long step : List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L)) {
            assertRefused(
                    many, ByteBuffer.wrap(many.quantiles()).putLong(4, step).array());
        }
    }

    private static void assertRefused(CorpusState state, byte[] distribution) {
        assertThatThrownBy(() -> CorpusState.of(state.sums(), distribution))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("its distribution ");
    }

    @Test
    void rowsWithoutAFigureCountAsRowsOnly() {
        CorpusState state = CorpusState.empty();
        state.addUnscored();
        assertThat(state.isEmpty()).isTrue();
        state.add(4, 4, 2, 10, 8);

        assertThat(state.sums().rows()).isEqualTo(2);
        assertThat(state.sums().documents()).isEqualTo(1);
        assertThat(state.crossEntropy()).isEqualTo(2);
    }

    @Test
    void aWordPerplexityBeyondAllNumbersIsAbsent() {
        CorpusState state = CorpusState.empty();
        state.add(480, 480, 1, 1440, 480 * 6);

        assertThat(state.perplexity()).isCloseTo(Math.exp(6), within(1e-9));
        assertThat(state.wordPerplexity()).isEmpty();
        assertThat(state.bitsPerByte()).isPresent();
    }

    @Test
    void ofAShareOfTheTokensThereIsNoFigureOfWords() {
        CorpusState state = CorpusState.empty();
        state.add(10, 2, 4, 40, 3);

        assertThat(state.crossEntropy()).isEqualTo(1.5);
        assertThat(state.wordPerplexity()).isEmpty();
        assertThat(state.bitsPerByte()).isEmpty();
    }

    private static void add(CorpusState state, double[] document) {
        long tokens = (long) document[0];
        state.add(tokens, tokens, tokens, tokens, tokens * document[1]);
    }
}
