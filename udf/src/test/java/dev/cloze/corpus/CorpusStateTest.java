package dev.cloze.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
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
