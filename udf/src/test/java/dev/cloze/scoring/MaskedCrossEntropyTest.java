package dev.cloze.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.cloze.batch.Batch;
import dev.cloze.importing.TinyBert;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.MaskedCrossEntropy.Hiding;
import dev.cloze.text.Document;
import dev.cloze.text.TokenizedDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MaskedCrossEntropyTest {
    private static final int VOCABULARY = 100;

    private final LanguageModel tiny = TinyBert.open();
    private final UniformNetwork network = new UniformNetwork(VOCABULARY);
    private final LanguageModel uniform =
            new LanguageModel(tiny.tokenizer(), network, tiny.special(), tiny.positionLimit(), tiny.vocabularySize());

    record Reference(
            String id,
            String text,
            double share,
            long seed,
            @JsonProperty("only_masks") boolean onlyMasks,
            List<Integer> positions,
            List<Double> nlls) {
        @Override
        public String toString() {
            return id + " " + share;
        }
    }

    static List<Reference> references() {
        return ReferenceCase.read("/dev/cloze/tiny/masked.json", new TypeReference<>() {});
    }

    /** {@code src/test/python/perplexity.py} draws with hashlib and scores with transformers. */
    @ParameterizedTest
    @MethodSource("references")
    void theSameTokensAreDrawnAndCostTheSameAsInPython(Reference reference) {
        Hiding hiding = reference.onlyMasks ? Hiding.MASK : Hiding.BERT;
        MaskedCrossEntropy task = new MaskedCrossEntropy(reference.share, hiding, reference.seed, LongTexts.WINDOW);
        Document document = Document.of(reference.id, reference.text);

        Outcome<DocumentScore> outcome = outcome(tiny, task, document);

        if (reference.nlls.isEmpty()) {
            assertThat(outcome.status()).isEqualTo(Status.NO_MASK);
            return;
        }
        DocumentScore score = outcome.value().orElseThrow();
        TokenizedDocument tokens = tiny.tokenizer().encode(document);
        assertThat(score.tokens()).isEqualTo(tokens.contentLength());
        assertThat(score.tokensScored()).isEqualTo(reference.nlls.size());
        for (int i = 0; i < reference.nlls.size(); i++) {
            Surprisal found = score.surprisals().get(i);
            assertThat(found.start()).isEqualTo(tokens.starts()[reference.positions.get(i)]);
            assertThat(found.nll()).isCloseTo(reference.nlls.get(i), within(1e-4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aUniformModelHasThePerplexityOfItsVocabulary(Hiding hiding) {
        for (String text : List.of("cyborg naively paris", "the capital of france ".repeat(60))) {
            for (double share : new double[] {0.15, 0.5, 1}) {
                MaskedCrossEntropy task = new MaskedCrossEntropy(share, hiding, 3, LongTexts.WINDOW);

                outcome(uniform, task, Document.of("1", text)).value().ifPresent(score -> assertThat(score.perplexity())
                        .isCloseTo(VOCABULARY, within(1e-5)));
            }
        }
    }

    @Test
    void bertsHidingIsEightTenthsMasksOneTenthRandomOneTenthUnchanged() {
        MaskedCrossEntropy task = new MaskedCrossEntropy(0.15, Hiding.BERT, 1, LongTexts.WINDOW);
        long word = tiny.tokenizer().vocabulary().id("paris").orElseThrow();
        Document document = Document.of("1", "paris ".repeat(60));

        int tokens = 0;
        Map<String, Integer> fates = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            outcome(uniform, task, new Document("doc-" + i, document.text(), document.pair()));
            tokens += 60;
        }
        for (Batch batch : network.batches()) {
            for (long position : batch.positions()) {
                long id = batch.ids()[(int) position];
                fates.merge(id == tiny.maskId() ? "mask" : id == word ? "same" : "random", 1, Integer::sum);
            }
        }
        double drawn = fates.values().stream().mapToInt(n -> n).sum();

        assertThat(drawn / tokens).isCloseTo(0.15, within(0.004));
        assertThat(fates.get("mask") / drawn).isCloseTo(0.8, within(0.01));
        // One random token in so many is the same again.
        assertThat(fates.get("random") / drawn).isCloseTo(0.1, within(0.01));
        assertThat(fates.get("same") / drawn).isCloseTo(0.1, within(0.01));
    }

    @Test
    void nothingDrawnIsAReasonAndNoFigure() {
        Outcome<DocumentScore> outcome = outcome(
                uniform, new MaskedCrossEntropy(1e-9, Hiding.BERT, 1, LongTexts.WINDOW), Document.of("1", "paris is"));

        assertThat(outcome.status()).isEqualTo(Status.NO_MASK);
        assertThat(outcome.error())
                .hasValue(
                        "Cannot score the text: none of its 2 tokens was drawn; raise --mask-share, or leave the row out");
    }

    @Test
    void aShareOfTheTokensHasNoFigureOfWordsOrBytes() {
        Document document = Document.of("1", "paris ".repeat(40));
        DocumentScore some = outcome(uniform, new MaskedCrossEntropy(0.5, Hiding.MASK, 1, LongTexts.WINDOW), document)
                .value()
                .orElseThrow();
        DocumentScore all = outcome(uniform, new MaskedCrossEntropy(1, Hiding.MASK, 1, LongTexts.WINDOW), document)
                .value()
                .orElseThrow();

        assertThat(some.wordPerplexity()).isEmpty();
        assertThat(some.bitsPerByte()).isEmpty();
        assertThat(all.wordPerplexity()).isEmpty();
    }

    @Test
    void masksDependOnTheDocumentsNameOnly() {
        MaskedCrossEntropy task = new MaskedCrossEntropy(0.3, Hiding.BERT, 9, LongTexts.WINDOW);
        List<Document> documents = IntStream.range(0, 200)
                .mapToObj(i -> Document.of("doc-" + i, "the capital of france is paris " + "a ".repeat(i)))
                .toList();

        for (int budget : new int[] {64, 512, 4096}) {
            var together = new Scorer<>(tiny, task, budget).score(documents.iterator());
            for (Document document : documents) {
                Outcome<DocumentScore> alone = outcome(tiny, task, document);
                Outcome<DocumentScore> found = together.next();
                assertThat(found.status()).isEqualTo(alone.status());
                alone.value().ifPresent(score -> {
                    assertThat(found.value().orElseThrow().surprisals())
                            .extracting(Surprisal::start)
                            .isEqualTo(score.surprisals().stream()
                                    .map(Surprisal::start)
                                    .toList());
                    assertThat(found.value().orElseThrow().nll()).isCloseTo(score.nll(), within(1e-5 * score.nll()));
                });
            }
        }
    }

    private static Outcome<DocumentScore> outcome(LanguageModel model, MaskedCrossEntropy task, Document document) {
        return new Scorer<>(model, task, 512)
                .score(List.of(document).iterator())
                .next();
    }
}
