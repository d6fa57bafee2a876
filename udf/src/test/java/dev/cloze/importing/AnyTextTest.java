package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.CausalCrossEntropy;
import dev.cloze.scoring.CausalCrossEntropy.Start;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.MaskedCrossEntropy;
import dev.cloze.scoring.MaskedCrossEntropy.Hiding;
import dev.cloze.scoring.PseudoLogLikelihood;
import dev.cloze.scoring.PseudoLogLikelihood.Hidden;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.scoring.Surprisal;
import dev.cloze.scoring.UniformNetwork;
import dev.cloze.text.Document;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands in a text: every token is scored once, and points to its place in the text. */
class AnyTextTest {
    private static final int VOCABULARY = 1000;
    private static final List<String> BITS = List.of(
            "a",
            "B",
            "paris",
            "naively",
            " ",
            "\n",
            "\t",
            "\u0000",
            "\u0007",
            "\u00a0",
            "\u200b",
            "\u00ad",
            "\ufeff",
            "\u00e9",
            "e\u0301",
            "n\u0303o",
            "\u1e9b\u0323",
            "\ufb01",
            "\u0130",
            "\u00df",
            "\ud83d\ude00",
            "\ud83d\udc4d\ud83c\udffd",
            "\ud83c\uddeb\ud83c\uddf7",
            "\u2764\ufe0f",
            "\ud83d",
            "\ude00",
            "\u0645\u0631\u062d\u0628\u0627",
            "\u202e",
            "\u05e9\u05dc\u05d5\u05dd",
            "\u4e2d\u6587",
            "\u65e5",
            "\ud55c\uad6d\uc5b4",
            "\u0e44\u0e17\u0e22",
            "\ud840\udc00",
            "[MASK]",
            "[SEP]",
            "[CLS]",
            "[PAD]",
            "[UNK]",
            "<|endoftext|>",
            "<s>",
            "##ing",
            ".",
            "'",
            "1,234.5",
            "https://x.y/z?q=1");

    private static LanguageModel bert;
    private static LanguageModel gpt2;

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        Path source =
                Path.of(AnyTextTest.class.getResource("/dev/cloze/causal/gpt2").toURI());
        bert = TinyBert.open();
        gpt2 = LanguageModel.open(HuggingFaceExport.write(source, "gpt2", directory), Head.CAUSAL_LM);
    }

    @AfterAll
    static void close() {
        gpt2.close();
    }

    record Method(String name, ScoringTask<DocumentScore> task, boolean causal, int unscored) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Method> methods() {
        return List.of(
                new Method("pll", new PseudoLogLikelihood(Hidden.TOKEN, LongTexts.WINDOW), false, 0),
                new Method("pll-word", new PseudoLogLikelihood(Hidden.WORD_LEFT_TO_RIGHT, LongTexts.WINDOW), false, 0),
                new Method("mlm", new MaskedCrossEntropy(1, Hiding.BERT, 7, LongTexts.WINDOW), false, 0),
                new Method("causal", new CausalCrossEntropy(Start.ADD, LongTexts.WINDOW), true, 0),
                new Method("causal without BOS", new CausalCrossEntropy(Start.NONE, LongTexts.WINDOW), true, 1));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aUniformModelHasThePerplexityOfItsVocabulary(Method method) {
        for (String text : texts(400)) {
            LanguageModel model = uniform(method);
            int tokens = model.tokenizer().encode(Document.of("1", text)).contentLength();
            if (tokens <= method.unscored) {
                continue;
            }

            DocumentScore score = new Scorer<>(model, method.task, 512)
                    .score(List.of(Document.of("1", text)).iterator())
                    .next()
                    .value()
                    .orElseThrow();

            assertThat(score.tokens()).isEqualTo(tokens);
            assertThat(score.tokensScored()).isEqualTo(tokens - method.unscored);
            assertThat(score.perplexity()).isCloseTo(VOCABULARY, within(1e-3));
            assertPlaces(score.surprisals(), text);
        }
    }

    private static void assertPlaces(List<Surprisal> surprisals, String text) {
        int before = 0;
        for (Surprisal surprisal : surprisals) {
            assertThat(surprisal.start()).isBetween(0, text.length());
            assertThat(surprisal.end()).isBetween(surprisal.start(), text.length());
            // Pieces of one character, as bytes of an emoji are, all point to it; no token goes back.
            assertThat(surprisal.start()).isGreaterThanOrEqualTo(before);
            before = surprisal.start();
        }
    }

    @Test
    void aPlainTokenPointsToItsOwnLetters() {
        for (Method method : methods()) {
            String text = "\ud83d\ude00 paris \ud83d\ude00\ud83d\ude00 city";
            DocumentScore score = new Scorer<>(uniform(method), method.task, 512)
                    .score(List.of(Document.of("1", text)).iterator())
                    .next()
                    .value()
                    .orElseThrow();

            Surprisal last = score.surprisals().get(score.surprisals().size() - 1);
            assertThat(text.substring(last.start(), last.end()).strip()).isNotEmpty();
            assertThat("city").endsWith(text.substring(last.start(), last.end()).strip());
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aWordOfAHundredKilobytesIsScored(Method method) {
        for (String word : List.of("x".repeat(100_000), "\u4e2d".repeat(2_000), "ab1".repeat(30))) {
            LanguageModel model = uniform(method);
            int tokens = model.tokenizer().encode(Document.of("1", word)).contentLength();

            DocumentScore score = new Scorer<>(model, method.task, 512)
                    .score(List.of(Document.of("1", word)).iterator())
                    .next()
                    .value()
                    .orElseThrow();

            assertThat(score.tokensScored()).isEqualTo(tokens - method.unscored);
            assertThat(score.bytes()).isEqualTo(word.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    private static List<String> texts(int count) {
        Random random = new Random(17);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            int bits = random.nextInt(i % 20 == 0 ? 400 : 25);
            for (int bit = 0; bit < bits; bit++) {
                text.append(BITS.get(random.nextInt(BITS.size())));
            }
            String written = text.toString();
            texts.add(
                    i % 3 == 0
                            ? Normalizer.normalize(written, Normalizer.Form.NFC)
                            : i % 3 == 1 ? Normalizer.normalize(written, Normalizer.Form.NFD) : written);
        }
        return texts;
    }

    private static LanguageModel uniform(Method method) {
        LanguageModel real = method.causal ? gpt2 : bert;
        return new LanguageModel(
                real.tokenizer(),
                new UniformNetwork(VOCABULARY),
                real.special(),
                real.positionLimit(),
                real.vocabularySize());
    }
}
