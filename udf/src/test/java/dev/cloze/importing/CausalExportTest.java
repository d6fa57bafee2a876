package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.CausalCrossEntropy;
import dev.cloze.scoring.CausalCrossEntropy.Start;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Status;
import dev.cloze.scoring.Surprisal;
import dev.cloze.text.Document;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Causal models as their exporters lay them out, and what transformers computes with them in the windows of
 * lm-evaluation-harness: {@code src/test/python/causal.py}.
 */
class CausalExportTest {
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path target;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt2-positions", "gpt2-cache", "gpt2-merged", "llama"})
    void everyTokenCostsWhatTransformersSays(String name) throws Exception {
        Bundle bundle = HuggingFaceExport.write(resource(name), name, target);

        assertThat(bundle.manifest().kind()).isEqualTo(Manifest.Kind.CAUSAL);
        assertThat(bundle.manifest().positionLimit()).isEqualTo(32);
        try (LanguageModel model = LanguageModel.open(bundle, Head.CAUSAL_LM)) {
            for (JsonNode text : expected(name).path("cases")) {
                assertSame(score(model, Start.ADD, text), text, "bos");
                assertSame(score(model, Start.NONE, text), text, "no_bos");
            }
        }
    }

    private static void assertSame(Outcome<DocumentScore> outcome, JsonNode text, String start) {
        List<Double> nlls = numbers(text.path(start).path("nlls"));
        if (nlls.isEmpty()) {
            assertThat(outcome.status()).isEqualTo(Status.EMPTY);
            return;
        }
        DocumentScore score = outcome.value().orElseThrow();
        assertThat(score.tokens()).isEqualTo(text.path("ids").size());
        assertThat(score.words()).isEqualTo(text.path("words").asInt());
        assertThat(score.bytes()).isEqualTo(text.path("bytes").asLong());
        assertThat(score.surprisals()).hasSameSizeAs(nlls);
        for (int i = 0; i < nlls.size(); i++) {
            assertThat(score.surprisals().get(i).nll()).isCloseTo(nlls.get(i), within(TOLERANCE));
        }
        if (start.equals("bos")) {
            double wordPerplexity = text.path(start).path("word_perplexity").asDouble();
            assertThat(score.wordPerplexity()).hasValueCloseTo(wordPerplexity, within(TOLERANCE * wordPerplexity));
            assertThat(score.bitsPerByte())
                    .hasValueCloseTo(text.path(start).path("bits_per_byte").asDouble(), within(TOLERANCE));
        } else {
            assertThat(score.wordPerplexity()).isEmpty();
        }
    }

    @Test
    void perplexitiesAreThoseOfTheEvaluateLibrary() throws Exception {
        Bundle bundle = HuggingFaceExport.write(resource("gpt2"), "gpt2", target);
        try (LanguageModel model = LanguageModel.open(bundle, Head.CAUSAL_LM)) {
            for (JsonNode metric : expected("gpt2").path("evaluate")) {
                Start start = metric.path("add_start_token").asBoolean() ? Start.ADD : Start.NONE;
                for (int i = 0; i < metric.path("texts").size(); i++) {
                    String text = metric.path("texts").get(i).asText();
                    double expected = metric.path("perplexities").get(i).asDouble();

                    DocumentScore score =
                            score(model, start, text, LongTexts.FAIL).value().orElseThrow();

                    assertThat(score.perplexity()).isCloseTo(expected, within(TOLERANCE * expected));
                }
            }
        }
    }

    @Test
    void offsetsPointIntoTheText() throws Exception {
        Bundle bundle = HuggingFaceExport.write(resource("llama"), "llama", target);
        try (LanguageModel model = LanguageModel.open(bundle, Head.CAUSAL_LM)) {
            String text = "The capital of France";

            List<Surprisal> tokens = score(model, Start.ADD, text, LongTexts.FAIL)
                    .value()
                    .orElseThrow()
                    .surprisals();

            assertThat(tokens.get(0).start()).isZero();
            assertThat(tokens.get(tokens.size() - 1).end()).isEqualTo(text.length());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTextThatIsTooLongIsCutOrRefusedWhenAskedTo(Start start) throws Exception {
        Bundle bundle = HuggingFaceExport.write(resource("gpt2"), "gpt2", target);
        try (LanguageModel model = LanguageModel.open(bundle, Head.CAUSAL_LM)) {
            String text = "The capital of France is Paris. ".repeat(5);
            int read = start == Start.ADD ? 32 : 33;

            assertThat(score(model, start, text, LongTexts.FAIL).status()).isEqualTo(Status.TOO_LONG);
            DocumentScore cut =
                    score(model, start, text, LongTexts.TRUNCATE).value().orElseThrow();
            assertThat(cut.tokens()).isEqualTo(read);
            assertThat(cut.tokensScored()).isEqualTo(32);
            assertThat(cut.bytes()).isLessThan(text.length());
        }
    }

    @Test
    void aCausalModelCannotBeAskedForHiddenTokens() throws Exception {
        Bundle bundle = HuggingFaceExport.write(resource("gpt2"), "gpt2", target);

        assertThatThrownBy(() -> LanguageModel.open(bundle, Head.MASKED_LM))
                .isInstanceOf(ClozeException.class)
                .hasMessage(
                        "Cannot hide tokens from model gpt2: it is a causal language model: a token sees its left side"
                                + " only, and there is no mask; use `cloze perplexity --method causal`, or a masked language model");
    }

    @Test
    void aMaskedModelCannotContinueTexts() {
        Bundle bundle = TinyBert.write(target, "tiny");

        assertThatThrownBy(() -> LanguageModel.open(bundle, Head.CAUSAL_LM))
                .hasMessage(
                        "Cannot predict the next token with model tiny: it is a masked language model: a token sees the"
                                + " token after it, so the figure would mean nothing; use --method pll, pll-word or mlm, or a"
                                + " causal language model");
    }

    @Test
    void aGraphThatLostItsCausalMaskIsRefused(@TempDir Path copy) throws Exception {
        copy("exports/bert", copy);
        Files.writeString(
                copy.resolve("config.json"),
                Files.readString(copy.resolve("config.json")).replace("BertForMaskedLM", "BertLMHeadModel"));

        assertThatThrownBy(() -> HuggingFaceExport.write(copy, "lost", target))
                .hasMessageEndingWith(
                        "it is a BertLMHeadModel, but in its graph tokens see their right side; export a model"
                                + " with its language-model head");
    }

    private static Outcome<DocumentScore> score(LanguageModel model, Start start, JsonNode text) {
        return score(model, start, text.path("text").asText(), LongTexts.WINDOW);
    }

    private static Outcome<DocumentScore> score(LanguageModel model, Start start, String text, LongTexts longTexts) {
        return new Scorer<>(model, new CausalCrossEntropy(start, longTexts), 512)
                .score(List.of(Document.of("1", text)).iterator())
                .next();
    }

    private static List<Double> numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .filter(JsonNode::isNumber)
                .map(JsonNode::asDouble)
                .toList();
    }

    private static JsonNode expected(String name) throws Exception {
        return new ObjectMapper()
                .readTree(resource(name).resolve("expected.json").toFile());
    }

    static void copy(String resource, Path to) throws IOException, URISyntaxException {
        List<Path> files = new ArrayList<>();
        Path from = Path.of(
                CausalExportTest.class.getResource("/dev/cloze/" + resource).toURI());
        try (var all = Files.list(from)) {
            all.forEach(files::add);
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(
                CausalExportTest.class.getResource("/dev/cloze/causal/" + name).toURI());
    }
}
