package dev.cloze.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.cloze.batch.Batch;
import dev.cloze.importing.TinyBert;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.PseudoLogLikelihood.Hidden;
import dev.cloze.text.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PseudoLogLikelihoodTest {
    private static final int VOCABULARY = 100;

    private final LanguageModel tiny = TinyBert.open();
    private final UniformNetwork network = new UniformNetwork(VOCABULARY);

    @ParameterizedTest
    @EnumSource
    void aUniformModelHasThePerplexityOfItsVocabulary(Hidden hidden) {
        for (String text : List.of("a", "cyborg naively paris", "the capital of france ".repeat(60))) {
            DocumentScore score = score(uniform(), hidden, LongTexts.WINDOW, text);

            assertThat(score.perplexity()).isCloseTo(VOCABULARY, within(1e-5));
        }
    }

    record Reference(
            String text,
            @JsonProperty("offsets_in_code_points") List<int[]> offsets,
            List<Double> token,
            @JsonProperty("word_left_to_right") List<Double> word) {
        @Override
        public String toString() {
            return text.substring(0, Math.min(20, text.length()));
        }
    }

    static List<Reference> references() {
        return ReferenceCase.read("/dev/cloze/tiny/pll.json", new TypeReference<>() {});
    }

    @ParameterizedTest
    @MethodSource("references")
    void everyTokenCostsWhatTransformersSaysInAnyLengthOfText(Reference reference) {
        for (Hidden hidden : Hidden.values()) {
            List<Double> expected = hidden == Hidden.TOKEN ? reference.token : reference.word;

            List<Surprisal> found =
                    score(tiny, hidden, LongTexts.WINDOW, reference.text).surprisals();

            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i).nll()).isCloseTo(expected.get(i), within(1e-4));
                int[] span = reference.offsets.get(i);
                assertThat(found.get(i).start()).isEqualTo(reference.text.offsetByCodePoints(0, span[0]));
                assertThat(found.get(i).end()).isEqualTo(reference.text.offsetByCodePoints(0, span[1]));
            }
        }
    }

    @Test
    void eachTokenIsMaskedAloneInItsTurn() {
        score(uniform(), Hidden.TOKEN, LongTexts.WINDOW, "the paris model");

        assertThat(masked()).containsExactlyInAnyOrder(List.of(1), List.of(2), List.of(3));
    }

    @Test
    void laterPiecesOfTheWordAreMaskedWithAPiece() {
        // [CLS] the c ##y ##borg model [SEP], or however the tiny vocabulary cuts it.
        int pieces = tiny.tokenizer().pieces("cyborg").length;
        assertThat(pieces).isGreaterThan(1);

        score(uniform(), Hidden.WORD_LEFT_TO_RIGHT, LongTexts.WINDOW, "the cyborg model");

        List<List<Integer>> expected = new ArrayList<>(List.of(List.of(1), List.of(2 + pieces)));
        for (int i = 0; i < pieces; i++) {
            expected.add(IntStream.range(2 + i, 2 + pieces).boxed().toList());
        }
        assertThat(masked()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void wordsAndBytesAreCountedAsTheHarnessDoes() {
        // Python: len(re.split(r"\s+", " a b\n")) == 4, len(" a b\n".encode()) == 5.
        assertThat(score(uniform(), Hidden.TOKEN, LongTexts.WINDOW, " a b\n"))
                .extracting(DocumentScore::words, DocumentScore::bytes)
                .containsExactly(4, 5L);
        assertThat(score(uniform(), Hidden.TOKEN, LongTexts.WINDOW, "é\u00a0b\u001cc😀")
                        .words())
                .isEqualTo(3);
    }

    @Test
    void bitsPerByteAndWordPerplexityComeFromTheSameSum() {
        DocumentScore score = score(uniform(), Hidden.TOKEN, LongTexts.WINDOW, "a b");

        assertThat(score.bitsPerByte()).hasValueCloseTo(2 * Math.log(VOCABULARY) / Math.log(2) / 3, within(1e-5));
        assertThat(score.wordPerplexity()).hasValueCloseTo((double) VOCABULARY, within(1e-5));
    }

    @Test
    void aTruncatedTextCountsAsFarAsItIsScored() {
        DocumentScore score = score(uniform(), Hidden.TOKEN, LongTexts.TRUNCATE, "a ".repeat(500));

        assertThat(score.tokens()).isEqualTo(TinyBert.POSITIONS - 2);
        assertThat(score.words()).isEqualTo(TinyBert.POSITIONS - 2);
    }

    @Test
    void anEmptyTextHasAReasonAndNoFigure() {
        Outcome<DocumentScore> outcome = outcome(tiny, Hidden.TOKEN, LongTexts.WINDOW, " ");

        assertThat(outcome.status()).isEqualTo(Status.EMPTY);
        assertThat(outcome.value()).isEmpty();
    }

    private DocumentScore score(LanguageModel model, Hidden hidden, LongTexts longTexts, String text) {
        return outcome(model, hidden, longTexts, text).value().orElseThrow();
    }

    private static Outcome<DocumentScore> outcome(
            LanguageModel model, Hidden hidden, LongTexts longTexts, String text) {
        return new Scorer<>(model, new PseudoLogLikelihood(hidden, longTexts), 512)
                .score(List.of(Document.of("1", text)).iterator())
                .next();
    }

    /** Masked positions of every row that was run, the author's own masks left out. */
    private List<List<Integer>> masked() {
        List<List<Integer>> rows = new ArrayList<>();
        for (Batch batch : network.batches()) {
            for (int row = 0; row < batch.rows(); row++) {
                int start = row * batch.width();
                rows.add(IntStream.range(0, batch.width())
                        .filter(i -> batch.ids()[start + i] == tiny.maskId())
                        .boxed()
                        .toList());
            }
        }
        return rows;
    }

    private LanguageModel uniform() {
        return new LanguageModel(
                tiny.tokenizer(), network, tiny.special(), tiny.positionLimit(), tiny.vocabularySize());
    }
}
