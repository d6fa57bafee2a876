package dev.cloze.importing.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import dev.cloze.text.Document;
import dev.cloze.text.SubwordTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vocabularies without tokenizer.json, and what Python makes of texts with them: {@code src/test/python/vocabularies.py}. */
class VocabularyFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert",
                "bert",
                "camembert",
                "deberta-v2",
                "distilbert",
                "gpt2",
                "mpnet",
                "roberta",
                "xlm-roberta"
            })
    void textsHaveTheIdsThatTheyHaveInPython(String family) throws Exception {
        Path files = resource(family);
        Path file = Files.writeString(
                directory.resolve("tokenizer.json"),
                vocabulary(files, family).tokenizer().orElseThrow().toString());

        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(file)) {
            for (JsonNode text :
                    JSON.readTree(files.resolve("expected.json").toFile()).path("texts")) {
                long[] ids = StreamSupport.stream(text.path("ids").spliterator(), false)
                        .mapToLong(JsonNode::asLong)
                        .toArray();
                assertThat(tokenizer
                                .encode(Document.of("1", text.path("text").asText()))
                                .ids())
                        .as(text.path("text").asText())
                        .containsExactly(ids);
            }
        }
    }

    /** As transformers does with BERT's classes, which take the values of the configuration. */
    @ParameterizedTest
    @CsvSource({
        "{\"do_lower_case\":false}, bert, false, true",
        "{\"model_max_length\":512}, bert, true, true",
        "{\"tokenizer_class\":\"BertTokenizerFast\"}, xlm, true, true",
        "'{\"do_lower_case\":true,\"tokenize_chinese_chars\":false}', distilbert, true, false",
        "{\"tokenizer_class\":\"PreTrainedTokenizerFast\"}, bert, false, false",
        "{\"do_lower_case\":true}, roberta, false, false"
    })
    void configurationsOfBertDecideWhatIsDoneToLetters(
            String config, String family, boolean lowerCase, boolean ideographs) throws Exception {
        JsonNode saved = JSON.readTree(
                "{\"normalizer\":{\"type\":\"BertNormalizer\",\"lowercase\":false,\"handle_chinese_chars\":false,\"strip_accents\":null,\"clean_text\":true}}");

        JsonNode normalizer =
                BertNormalizer.applied(saved, JSON.readTree(config), family).path("normalizer");

        assertThat(normalizer.path("lowercase").asBoolean()).isEqualTo(lowerCase);
        assertThat(normalizer.path("handle_chinese_chars").asBoolean()).isEqualTo(ideographs);
    }

    @Test
    void aFamilyWithoutSuchFilesHasNoTokenizer() throws Exception {
        assertThat(vocabulary(resource("bert"), "llama").tokenizer()).isEmpty();
        assertThat(vocabulary(resource("bert"), "roberta").tokenizer()).isEmpty();
    }

    @Test
    void anyChangeOfAModelOfSentencePieceIsARefusalOrHarmless() throws Exception {
        byte[] sound = Files.readAllBytes(resource("albert").resolve("spiece.model"));
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = sound.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            Files.write(directory.resolve("spiece.model"), changed);
            try {
                vocabulary(directory, "albert").tokenizer();
            } catch (ClozeException e) {
                assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL);
            }
        }
    }

    @Test
    void aVocabularyWithoutItsSpecialTokensIsRefused() throws Exception {
        Files.writeString(directory.resolve("vocab.txt"), "[PAD]\n[UNK]\na\n");

        assertThatThrownBy(() -> vocabulary(directory, "bert").tokenizer())
                .hasMessage("Cannot read the vocabulary: it has no [CLS]; use the vocab.txt of a BERT");
    }

    private static VocabularyFiles vocabulary(Path files, String family) throws IOException {
        Subject subject = new Subject("import model x");
        Path config = files.resolve("tokenizer_config.json");
        JsonNode settings = Files.exists(config) ? JSON.readTree(config.toFile()) : JSON.createObjectNode();
        return new VocabularyFiles(SourceDirectory.of(files, subject), family, settings, subject);
    }

    private static Path resource(String family) throws Exception {
        return Path.of(VocabularyFilesTest.class
                .getResource("/dev/cloze/vocabularies/" + family)
                .toURI());
    }
}
