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
import dev.cloze.text.TokenizedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vocabularies without tokenizer.json, and what Python makes of texts with them: {@code src/test/python/vocabularies.py}. */
class VocabularyFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Where {@code vocabularies.py} wrote many more texts; empty for those in the resources. */
    private static final String FOLDER = System.getProperty("cloze.vocabularies", "");

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
    void textsHaveTheTokensThatTheyHaveInPython(String family) throws Exception {
        Path files = FOLDER.isEmpty() ? resource(family) : Path.of(FOLDER).resolve(family);
        Path file = Files.writeString(
                directory.resolve("tokenizer.json"),
                vocabulary(files, family).tokenizer().orElseThrow().toString());

        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(file)) {
            for (JsonNode expected :
                    JSON.readTree(files.resolve("expected.json").toFile()).path("texts")) {
                String text = expected.path("text").asText();
                assertThat(tokens(tokenizer.encode(Document.of("1", text))))
                        .as(text)
                        .isEqualTo(expected(expected, text));
            }
        }
    }

    /** A line a token: id, word and where it stands in the text, in UTF-16; of special tokens the id. */
    private static List<String> tokens(TokenizedDocument document) {
        return IntStream.range(0, document.length())
                .mapToObj(i -> document.sequenceIds()[i] == TokenizedDocument.SPECIAL
                        ? document.ids()[i] + " special"
                        : document.ids()[i] + " word " + document.words()[i] + " [" + document.starts()[i] + ", "
                                + document.ends()[i] + ")")
                .toList();
    }

    private static List<String> expected(JsonNode expected, String text) {
        return IntStream.range(0, expected.path("ids").size())
                .mapToObj(i -> {
                    JsonNode offsets = expected.path("offsets").path(i);
                    int word = expected.path("words").path(i).asInt();
                    String id = expected.path("ids").path(i).asText();
                    return word < 0
                            ? id + " special"
                            : id + " word " + word + " [" + text.offsetByCodePoints(0, offsets.path(0).asInt()) + ", "
                                    + text.offsetByCodePoints(0, offsets.path(1).asInt()) + ")";
                })
                .toList();
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
                .hasMessage("Cannot import model x: its vocab.txt has no [CLS]; put the vocab.txt there that was saved"
                        + " with the model");
    }

    @ParameterizedTest
    @CsvSource({
        "tokenizer_config.json, BertJapaneseTokenizer, bert, BertJapaneseTokenizer",
        "config.json, BertJapaneseTokenizer, bert, BertJapaneseTokenizer",
        "tokenizer_config.json, RoFormerTokenizerFast, distilbert, RoFormerTokenizer",
        "tokenizer_config.json, BertweetTokenizer, roberta, BertweetTokenizer",
        "tokenizer_config.json, a b, bert, \"a b\""
    })
    void aTokenizerOfAnotherClassIsRefusedByName(String file, String named, String family, String shown)
            throws Exception {
        words("a");
        Files.writeString(directory.resolve(file), "{\"tokenizer_class\":\"" + named + "\"}");

        assertThatThrownBy(() -> vocabulary(directory, family).tokenizer())
                .hasMessage("Cannot import model x: its tokenizer is a " + shown + ", which exists in Python only;"
                        + " save it as tokenizer.json, or choose another model");
    }

    @ParameterizedTest
    @CsvSource({
        "BertTokenizer, gpt2, WordPiece",
        "BertTokenizerFast, llama, WordPiece",
        "ElectraTokenizer, bert, WordPiece",
        "GPT2Tokenizer, bert, ",
        "PreTrainedTokenizerFast, bert, ",
        "LlamaTokenizer, llama, "
    })
    void theClassOfATokenizerSaysWhichFilesItHas(String named, String family, String model) throws Exception {
        words("a");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"tokenizer_class\":\"" + named + "\"}");

        assertThat(vocabulary(directory, family).tokenizer().map(json -> json.at("/model/type")
                        .asText()))
                .isEqualTo(Optional.ofNullable(model));
    }

    /** The vocabulary has the ids 0 to 5. */
    @Test
    void tokensThatWereAddedToAVocabularyStandForThemselves() throws Exception {
        words("a");
        Files.writeString(directory.resolve("added_tokens.json"), "{\"[MASK]\":4,\"<url>\":7,\"a-b\":6}");
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"added_tokens_decoder\":{\"8\":{\"content\":\"x"
                        + " y\",\"lstrip\":true,\"special\":true,\"normalized\":false}}}");
        Path file = Files.writeString(
                directory.resolve("tokenizer.json"),
                vocabulary(directory, "bert").tokenizer().orElseThrow().toString());

        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(file)) {
            assertThat(tokenizer
                            .encode(Document.of("1", "a <url> a-b x y [MASK]"))
                            .ids())
                    .containsExactly(2, 5, 7, 6, 8, 4, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "added_tokens.json, '{\"<url>\":7}', its added token \"<url>\" has the id 7",
        "added_tokens.json, '{\"a\":6}', its added token \"a\" has the id 6",
        "added_tokens.json, '{\"<url>\":-1}', its added token \"<url>\" has the impossible id \"-1\"",
        "tokenizer_config.json, '{\"added_tokens_decoder\":{\"9\":{\"content\":\"b\"}}}', its added token \"b\" has"
                + " the id 9"
    })
    void anAddedTokenWithAnotherIdThanItsPlaceIsRefused(String file, String json, String why) throws Exception {
        words("a");
        Files.writeString(directory.resolve(file), json);

        assertThatThrownBy(() -> vocabulary(directory, "bert").tokenizer())
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining(why);
    }

    /** A vocabulary of the five special tokens of BERT and {@code words}. */
    private void words(String... words) throws IOException {
        Files.writeString(
                directory.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + String.join("\n", words));
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
