package dev.cloze.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.cloze.batch.Batch;
import dev.cloze.importing.TinyBert;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.Document;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StridedPseudoLogLikelihoodTest {
    private static final int VOCABULARY = 100;

    private final LanguageModel tiny = TinyBert.open();
    private final UniformNetwork network = new UniformNetwork(VOCABULARY);

    @Test
    void everyNthTokenIsMaskedAtOnce() {
        score(uniform(), 3, "the paris model of france a b");

        assertThat(masked()).containsExactlyInAnyOrder(List.of(1, 4, 7), List.of(2, 5), List.of(3, 6));
    }

    /** Each window shows its own tokens once for each offset. */
    @Test
    void everyTokenOfALongTextIsScoredOnceAndTheModelReadsFewWindows() {
        int tokens = 20 * TinyBert.POSITIONS;
        DocumentScore score = score(uniform(), 4, "a ".repeat(tokens));

        assertThat(score.tokensScored()).isEqualTo(tokens);
        assertThat(score.perplexity()).isCloseTo(VOCABULARY, within(1e-5));
        assertThat(masked()).hasSizeLessThan(2 * 20 * 4 + 2 * 4);
    }

    /** Where no two tokens are masked together it is the pseudo-log-likelihood, as transformers has it. */
    @Test
    void aStrideOfAllTokensIsNoApproximation() {
        List<PseudoLogLikelihoodTest.Reference> references =
                ReferenceCase.read("/dev/cloze/tiny/pll.json", new TypeReference<>() {});
        for (PseudoLogLikelihoodTest.Reference reference : references) {
            if (reference.token().size() <= TinyBert.POSITIONS - 2) {
                List<Surprisal> found =
                        score(tiny, TinyBert.POSITIONS, reference.text()).surprisals();

                assertThat(found).hasSameSizeAs(reference.token());
                for (int i = 0; i < found.size(); i++) {
                    assertThat(found.get(i).nll()).isCloseTo(reference.token().get(i), within(1e-4));
                }
            }
        }
    }

    @Test
    void itSaysHowOftenTheModelReadsAText() {
        // 100 tokens; those of a long text are in two windows each.
        assertThat(new StridedPseudoLogLikelihood(8, LongTexts.WINDOW).cost(4 * 98))
                .isEqualTo(8 * 100);
        assertThat(new StridedPseudoLogLikelihood(8, LongTexts.WINDOW).cost(4 * 998))
                .isEqualTo(2 * 8 * 1000);
        assertThat(new StridedPseudoLogLikelihood(500, LongTexts.WINDOW).cost(4 * 98))
                .isEqualTo(100 * 100);
    }

    private static DocumentScore score(LanguageModel model, int stride, String text) {
        return new Scorer<>(model, new StridedPseudoLogLikelihood(stride, LongTexts.WINDOW), 512)
                .score(List.of(Document.of("1", text)).iterator())
                .next()
                .value()
                .orElseThrow();
    }

    private List<List<Integer>> masked() {
        return network.batches().stream()
                .flatMap(batch -> IntStream.range(0, batch.rows()).mapToObj(row -> masked(batch, row)))
                .toList();
    }

    private List<Integer> masked(Batch batch, int row) {
        int start = row * batch.width();
        return IntStream.range(0, batch.width())
                .filter(i -> batch.ids()[start + i] == tiny.maskId())
                .boxed()
                .toList();
    }

    private LanguageModel uniform() {
        return new LanguageModel(
                tiny.tokenizer(), network, tiny.special(), tiny.positionLimit(), tiny.vocabularySize());
    }
}
