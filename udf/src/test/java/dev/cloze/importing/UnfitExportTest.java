package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.google.protobuf.ByteString;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a model is said in a sentence of its own at import, before it costs time or memory. */
class UnfitExportTest {
    private static final String WITHOUT_UNKNOWN = "its tokenizer.json has no token for unknown words: its model ";
    private static final String REPAIR_OF_UNKNOWN =
            "; use the tokenizer.json that was saved with the model, or name the token for unknown words there that the model"
                    + " was trained with";

    @TempDir
    Path source;

    @TempDir
    Path target;

    @BeforeEach
    void copy() throws IOException {
        Exports.copyOf("exports/bert", source);
    }

    @ParameterizedTest
    @ValueSource(strings = {Bundle.MODEL, Bundle.TOKENIZER, Bundle.CONFIG})
    void aGitLfsPointerIsNamed(String name) throws Exception {
        Files.writeString(
                source.resolve(name),
                "version https://git-lfs.github.com/spec/v1\noid sha256:"
                        + "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n");

        assertRefused("its " + name
                + " is a Git LFS pointer, which stands for the file; fetch the file itself with `git lfs pull`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!DOCTYPE html>\n<html>", "\n  <HTML lang=\"en\">", "\ufeff<!doctype html>"})
    void anHtmlPageIsNamed(String page) throws Exception {
        Files.writeString(source.resolve(Bundle.MODEL), page);

        assertRefused(
                "its model.onnx is an HTML page; download the file itself: on a model hub, its address has /resolve/");
    }

    @ParameterizedTest
    @CsvSource({
        "'', its model.onnx is empty",
        "{\"error\": \"not found\"}, 'its model.onnx is a text, not an ONNX file'",
        "PK\u0003\u0004abc, its model.onnx is an archive (zip or gzip)",
        "'\u0000\u0001\u0002\u0003', 'its model.onnx is not an ONNX file, or damaged'"
    })
    void anotherFileIsNamed(String content, String message) throws Exception {
        Files.write(source.resolve(Bundle.MODEL), content.getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.999})
    void aFileThatIsCutOffIsNamed(double share) throws Exception {
        byte[] whole = Files.readAllBytes(Exports.model(source));
        Files.write(Exports.model(source), Arrays.copyOf(whole, (int) (whole.length * share)));

        assertRefused("its model.onnx ends in the middle: the file is cut off; download or export the model again");
    }

    @ParameterizedTest
    @CsvSource({
        "1099511627776, 'declares 1099511627776 elements, but holds 4 bytes'",
        "-1, has the impossible shape [-1]",
        "3, 'declares 3 elements, but holds 4 bytes'"
    })
    void aTensorThatIsNotWhatItDeclaresIsRefused(long dimension, String message) throws Exception {
        changeModel(model -> model.getGraphBuilder()
                .addInitializer(OnnxMl.TensorProto.newBuilder()
                        .setName("evil")
                        .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
                        .addDims(dimension)
                        .setRawData(ByteString.copyFrom(new byte[Float.BYTES]))));

        assertRefused("its tensor \"evil\" " + message);
    }

    @Test
    void aShapeWhoseProductIsNoNumberIsRefused() throws Exception {
        changeModel(model -> model.getGraphBuilder()
                .addInitializer(OnnxMl.TensorProto.newBuilder()
                        .setName("evil")
                        .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
                        .addDims(1L << 33)
                        .addDims(1L << 33)
                        .addFloatData(1)));

        assertRefused("its tensor \"evil\" has the impossible shape [8589934592, 8589934592]");
    }

    @Test
    void aSparseTensorThatIsHugeWhenItIsDenseIsRefused() throws Exception {
        changeModel(model -> model.getGraphBuilder()
                .addSparseInitializer(OnnxMl.SparseTensorProto.newBuilder()
                        .addDims(1L << 40)
                        .setValues(OnnxMl.TensorProto.newBuilder()
                                .setName("evil")
                                .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
                                .addDims(1)
                                .addFloatData(1))));

        assertRefused("its sparse tensor \"evil\" has 1099511627776 elements, at most 2147483647 are read");
    }

    @Test
    void anInputWithAHugeDimensionIsRefused() throws Exception {
        changeModel(model -> model.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimValue(1L << 40));

        assertRefused("its tensor \"input_ids\" has a dimension of 1099511627776");
    }

    @ParameterizedTest
    @CsvSource({
        "evil.domain, Run, evil.domain::Run",
        "ai.onnx.contrib, BertTokenizer, ai.onnx.contrib::BertTokenizer",
        "com.microsoft, EPContext, com.microsoft::EPContext"
    })
    void anOperatorThatIsNotBuiltInIsRefused(String domain, String operator, String named) throws Exception {
        changeModel(model -> model.getGraphBuilder()
                .addNode(OnnxMl.NodeProto.newBuilder().setDomain(domain).setOpType(operator)));

        assertRefused("its graph uses the operator \"" + named + "\", which ONNX Runtime does not bring along");
    }

    @Test
    void graphsThatAreNestedTooDeepAreRefused() throws Exception {
        changeModel(model -> model.getGraphBuilder().addNode(nested(11)));

        assertRefused("its graphs are nested 12 deep, at most 10 are read");
    }

    @Test
    void aFileThatIsNestedTooDeepIsRefused() throws Exception {
        changeModel(model -> model.getGraphBuilder().addNode(nested(60)));

        assertRefused("its model.onnx is nested too deep");
    }

    private static OnnxMl.NodeProto nested(int depth) {
        OnnxMl.NodeProto node = OnnxMl.NodeProto.newBuilder().setOpType("If").build();
        for (int i = 0; i < depth; i++) {
            node = OnnxMl.NodeProto.newBuilder()
                    .setOpType("If")
                    .addAttribute(OnnxMl.AttributeProto.newBuilder()
                            .setName("then_branch")
                            .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                            .setG(OnnxMl.GraphProto.newBuilder().addNode(node)))
                    .build();
        }
        return node;
    }

    @Test
    void weightsThatAreNoNumbersAreNamed() throws Exception {
        Exports.changeTensors(Exports.model(source), tensor -> {
            if (tensor.getDataType() == OnnxMl.TensorProto.DataType.FLOAT_VALUE
                    && tensor.getRawData().size() > 1024) {
                ByteBuffer values =
                        ByteBuffer.allocate(tensor.getRawData().size()).order(ByteOrder.LITTLE_ENDIAN);
                while (values.hasRemaining()) {
                    values.putFloat(Float.NaN);
                }
                tensor.setRawData(ByteString.copyFrom(values.flip()));
            }
        });

        assertRefused("its graph computes values that are not numbers (NaN)");
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 0, 1, 2})
    void aModelThatSeesHardlyAnyTokensIsRefused(int positions) throws Exception {
        changeJson(Bundle.CONFIG, json -> json.put("max_position_embeddings", positions));

        assertRefused("it sees at most " + Math.max(0, positions) + " tokens at once, special tokens included");
    }

    @Test
    void aConfigurationWithoutAVocabularySizeIsNamed() throws Exception {
        changeJson(Bundle.CONFIG, json -> json.remove("vocab_size"));

        assertRefused("its config.json has no vocab_size; put the config.json there that was saved with the model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "1", "4294967296", "1e9", "\"30522\"", "null", "2147483647"})
    void aVocabularySizeThatIsNoneIsNamed(String size) throws Exception {
        changeJson(Bundle.CONFIG, json -> json.putRawValue("vocab_size", new RawValue(size)));

        assertRefused("its config.json says that vocab_size is ");
    }

    @ParameterizedTest
    @CsvSource({
        "4294967296, 'its token \"evil\" has the id 4294967296, which is no id of a word'",
        "4294967295, 'its token \"evil\" has the id 4294967295, which is no id of a word'",
        "2147483647, 'its token \"evil\" has the id 2147483647, which is no id of a word'",
        "-1, 'its token \"evil\" has the id -1, which is no id of a word'",
        "70000, 'words, its tokenizer 70001 (\"evil\" has the id 70000); use the tokenizer that the model was trained with'"
    })
    void anAddedTokenBeyondTheVocabularyIsNamed(long id, String message) throws Exception {
        changeJson(Bundle.TOKENIZER, json -> json.withArray("added_tokens")
                .addObject()
                .put("id", id)
                .put("content", "evil")
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true));

        assertThatThrownBy(() -> HuggingFaceExport.write(source, "model", target))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageContaining(message);
    }

    @Test
    void aMaskTokenThatTheTokenizerLacksIsNamed() throws Exception {
        changeJson("tokenizer_config.json", json -> json.put("mask_token", "<blank>"));

        assertRefused("its tokenizer has no token \"<blank>\"; use the tokenizer that the model was trained with");
    }

    @Test
    void aMaskTokenThatIsNotReadAsOneTokenIsNamed() throws Exception {
        changeJson(Bundle.TOKENIZER, json -> {
            for (int i = json.withArray("added_tokens").size() - 1; i >= 0; i--) {
                if (json.withArray("added_tokens")
                        .get(i)
                        .path("content")
                        .asText()
                        .equals("[MASK]")) {
                    json.withArray("added_tokens").remove(i);
                }
            }
        });

        assertRefused("its tokenizer does not read its mask token \"[MASK]\" as one token");
    }

    @ParameterizedTest
    @CsvSource({
        "WordPiece, '\"[NONE]\"', 'names \"[NONE]\" as unk_token, which is not in its vocab'",
        "WordLevel, '\"[NONE]\"', 'names \"[NONE]\" as unk_token, which is not in its vocab'",
        "WordPiece, null, has no unk_token",
        "WordLevel, null, has no unk_token"
    })
    void aTokenizerWithoutATokenForUnknownWordsIsNamed(String type, String token, String problem) throws Exception {
        changeJson(Bundle.TOKENIZER, json -> {
            JsonNode vocabulary = json.get("model").get("vocab");
            json.putObject("model")
                    .put("type", type)
                    .put("continuing_subword_prefix", "##")
                    .put("max_input_chars_per_word", 100)
                    .putRawValue("unk_token", new RawValue(token))
                    .set("vocab", vocabulary);
        });

        assertRefused(WITHOUT_UNKNOWN + problem + REPAIR_OF_UNKNOWN);
    }

    /** The library looks for it in the vocabulary alone. */
    @Test
    void aTokenForUnknownWordsThatIsOnlyAddedIsNamed() throws Exception {
        changeModelOfTokenizer(model -> model.withObject("vocab").remove("[UNK]"));

        assertRefused(WITHOUT_UNKNOWN + "names \"[UNK]\" as unk_token, which is not in its vocab" + REPAIR_OF_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"null, has no unk_id", "1000000, 'names 1000000 as unk_id, which is not in its vocab'"})
    void aUnigramTokenizerWithoutATokenForUnknownWordsIsNamed(String id, String problem) throws Exception {
        source = Exports.copyOf("exports/albert", source.resolve("albert"));
        changeModelOfTokenizer(model -> model.putRawValue("unk_id", new RawValue(id)));

        assertRefused(WITHOUT_UNKNOWN + problem + REPAIR_OF_UNKNOWN);
    }

    @Test
    void aBpeTokenizerNeedsATokenForUnknownWordsOnlyWhereItCannotSpellAll() throws Exception {
        source = Exports.copyOf("exports/roberta", source.resolve("roberta"));
        changeModelOfTokenizer(model -> model.put("unk_token", "<none>"));

        Bundle ofBytes = HuggingFaceExport.write(source, "model", target);
        Directories.delete(target);
        Files.createDirectory(target);
        changeJson(Bundle.TOKENIZER, json -> json.putObject("pre_tokenizer").put("type", "Whitespace"));

        assertThat(ofBytes.manifest().name()).isEqualTo("model");
        assertRefused(WITHOUT_UNKNOWN + "names \"<none>\" as unk_token, which is not in its vocab" + REPAIR_OF_UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "null", "{} {}", "\u0000"})
    void aDamagedTokenizerIsNamed(String content) throws Exception {
        Files.writeString(source.resolve(Bundle.TOKENIZER), content);

        assertRefused("tokenizer.json is");
    }

    private void changeModel(Consumer<OnnxMl.ModelProto.Builder> change) throws IOException {
        Exports.change(Exports.model(source), change);
    }

    private void changeModelOfTokenizer(Consumer<ObjectNode> change) throws IOException {
        changeJson(Bundle.TOKENIZER, json -> change.accept((ObjectNode) json.get("model")));
    }

    private void changeJson(String name, Consumer<ObjectNode> change) throws IOException {
        Exports.changeJson(source.resolve(name), change);
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> HuggingFaceExport.write(source, "model", target))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageStartingWith("Cannot import model " + source + ": ")
                .hasMessageContaining(why);
    }
}
