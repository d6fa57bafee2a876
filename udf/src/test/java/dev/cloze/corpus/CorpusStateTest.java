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
            assertThat(merged.crossEntropyAt(0)).isEqualTo(whole.crossEntropyAt(0));
            assertThat(merged.crossEntropyAt(1)).isEqualTo(whole.crossEntropyAt(1));
            // Cross-entropies are uniform from 0 to 8.
            for (double share : new double[] {0.05, 1.0 / 3, 0.5, 2.0 / 3, 0.95}) {
                assertThat(merged.crossEntropyAt(share) / 8).isCloseTo(share, within(0.03));
            }
        }
    }

    @Test
    void quantilesOfFewDocumentsAreExact() {
        CorpusState state = CorpusState.empty();
        for (int i = 1; i <= 1000; i++) {
            state.add(1, 1, 1, 1, i);
        }

        assertThat(state.rankError()).isZero();
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

        for (CorpusState copy : List.of(serialized, CorpusState.of(state.sums(), state.sketch()))) {
            assertThat(copy.sums()).isEqualTo(state.sums());
            assertThat(copy.crossEntropyAt(0.3)).isEqualTo(state.crossEntropyAt(0.3));
        }
        assertThat(state.rankError()).isBetween(0.001, 0.005);
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
