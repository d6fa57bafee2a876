package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.Embedding;
import dev.cloze.scoring.Embedding.Pooling;
import dev.cloze.scoring.Features;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Status;
import dev.cloze.text.Document;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hidden states of the last layer, and what transformers gives: {@code src/test/python/features.py}. */
class FeaturesTest {
    @TempDir
    Path target;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny",
                "exports/albert",
                "exports/bert",
                "exports/bert-dynamo",
                "exports/bert-external-data",
                "exports/bert-fp16",
                "exports/deberta-v2",
                "exports/distilbert",
                "exports/electra",
                "exports/modernbert",
                "exports/mpnet",
                "exports/roberta",
                "exports/xlm-roberta",
                "causal/gpt2",
                "causal/gpt2-positions",
                "causal/gpt2-cache",
                "causal/llama"
            })
    void statesAreThoseOfTransformers(String name) throws Exception {
        Bundle bundle = name.equals("tiny")
                ? TinyBert.write(target, "tiny")
                : HuggingFaceExport.write(resource(name), name.replace('/', '-'), target);
        double tolerance = name.endsWith("fp16") ? 2e-2 : 1e-4;
        try (LanguageModel model = LanguageModel.open(bundle, Head.HIDDEN_STATES)) {
            for (JsonNode text : new ObjectMapper()
                    .readTree(resource(name).resolve("features.json").toFile())
                    .path("cases")) {
                List<Features.TokenFeatures> tokens =
                        embed(model, Pooling.TOKENS, text).value().orElseThrow().tokens();
                List<JsonNode> expected = new ArrayList<>();
                for (int i = 0; i < text.path("states").size(); i++) {
                    if (text.path("special").get(i).asInt() == 0) {
                        expected.add(text.path("states").get(i));
                    }
                }
                assertThat(tokens).hasSameSizeAs(expected);
                for (int i = 0; i < expected.size(); i++) {
                    assertSame(tokens.get(i).vector(), expected.get(i), tolerance);
                }
                Features mean = embed(model, Pooling.MEAN, text).value().orElseThrow();
                assertSame(mean.pooled(), text.path("mean"), tolerance);
                Outcome<Features> first = embed(model, Pooling.CLS, text);
                if (text.path("special").get(0).asInt() == 1) {
                    assertSame(first.value().orElseThrow().pooled(), text.path("cls"), tolerance);
                } else {
                    assertThat(first.status()).isEqualTo(Status.FAILED);
                }
            }
        }
    }

    @Test
    void aTokenOfALongTextIsTakenFromTheWindowAroundIt() throws Exception {
        Bundle bundle = TinyBert.write(target, "tiny");
        try (LanguageModel model = LanguageModel.open(bundle, Head.HIDDEN_STATES)) {
            List<String> words = IntStream.range(0, 150)
                    .mapToObj(i -> "abcdefghij".substring(i * i % 10, i * i % 10 + 1))
                    .toList();
            List<Features.TokenFeatures> whole = tokens(model, String.join(" ", words));

            assertThat(whole).hasSize(150);
            // Windows of 62 tokens begin at 0, 31, 62 and 88; token 70 is deepest in the one from 31 or from 62.
            List<Features.TokenFeatures> window = tokens(model, String.join(" ", words.subList(31, 93)));
            assertThat(whole.get(70).vector())
                    .containsExactly(window.get(70 - 31).vector(), within(1e-5f));
            assertThat(whole.get(70).start()).isEqualTo(140);
        }
    }

    @Test
    void aGraphWhoseLayersCannotBeToldIsRefused() throws Exception {
        Bundle bundle = HuggingFaceExport.write(resource("causal/gpt2-merged"), "merged", target);

        assertThatThrownBy(() -> LanguageModel.open(bundle, Head.HIDDEN_STATES))
                .hasMessage(
                        "Cannot read hidden states of model merged: the end of its last layer was not found in its graph;"
                                + " export the model without fusing its operators, and import it again");
    }

    private static List<Features.TokenFeatures> tokens(LanguageModel model, String text) {
        return embed(model, Pooling.TOKENS, text).value().orElseThrow().tokens();
    }

    private static Outcome<Features> embed(LanguageModel model, Pooling pooling, JsonNode text) {
        return embed(model, pooling, text.path("text").asText());
    }

    private static Outcome<Features> embed(LanguageModel model, Pooling pooling, String text) {
        return new Scorer<>(model, new Embedding(pooling, LongTexts.WINDOW), 512)
                .score(List.of(Document.of("1", text)).iterator())
                .next();
    }

    private static void assertSame(float[] found, JsonNode expected, double tolerance) {
        assertThat(found).hasSize(expected.size());
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected.get(i).asDouble(), within(tolerance));
        }
    }

    private static Path resource(String name) throws Exception {
        return Path.of(FeaturesTest.class.getResource("/dev/cloze/" + name).toURI());
    }
}
