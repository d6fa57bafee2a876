package dev.cloze.importing.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model is found where other tools put it. */
class LayoutTest {
    private static final String COMMIT = "c".repeat(40);

    @TempDir
    Path directory;

    @Test
    void theExportOfADirectoryIsFoundAtItsTopOrInOnnx() throws IOException {
        write("onnx/model.onnx", "onnx/model_quantized.onnx");
        assertThat(layout(Optional.empty())).isEqualTo(new Layout(directory, Optional.of("onnx/model.onnx")));

        write("model.onnx");
        assertThat(layout(Optional.empty())).isEqualTo(new Layout(directory, Optional.of("model.onnx")));
    }

    @ParameterizedTest
    @CsvSource({
        "quantized, onnx/model_quantized.onnx",
        "model_quantized, onnx/model_quantized.onnx",
        "model_quantized.onnx, onnx/model_quantized.onnx",
        "onnx/model_quantized.onnx, onnx/model_quantized.onnx",
        "decoder_model_merged, decoder_model_merged.onnx",
        "model, model.onnx"
    })
    void aVariantIsNamedByWhatFollowsTheModelByItsNameOrByItsPath(String variant, String graph) throws IOException {
        write("model.onnx", "onnx/model_quantized.onnx", "onnx/model_fp16.onnx", "decoder_model_merged.onnx");

        assertThat(layout(Optional.of(variant)).graph()).contains(graph);
    }

    @Test
    void whatIsThereIsNamedWhenTheChoiceIsNotClear() throws IOException {
        write("onnx/model_quantized.onnx", "onnx/model_fp16.onnx");

        assertRefused(
                Optional.empty(),
                "it has no model.onnx, but other graphs (onnx/model_fp16.onnx, onnx/model_quantized.onnx); choose one of"
                        + " them with --variant");
        assertRefused(
                Optional.of("q4"),
                "it has no variant \"q4\" (onnx/model_fp16.onnx, onnx/model_quantized.onnx); choose one of those with"
                        + " --variant");
        write("model_fp16.onnx");
        assertRefused(
                Optional.of("fp16"),
                "\"fp16\" is the name of several graphs (model_fp16.onnx, onnx/model_fp16.onnx); give --variant the path");
    }

    @Test
    void anEncoderWithADecoderIsRefusedWithTheReason() throws IOException {
        write("encoder_model.onnx", "decoder_model.onnx", "decoder_with_past_model.onnx");

        assertRefused(
                Optional.empty(),
                "it was exported as an encoder and a decoder (decoder_model.onnx, decoder_with_past_model.onnx,"
                        + " encoder_model.onnx), a sequence-to-sequence model; Cloze reads masked and causal");
    }

    @Test
    void aDirectoryWithoutAnyGraphIsLeftToTheImport() throws IOException {
        write("model.safetensors");

        assertThat(layout(Optional.empty())).isEqualTo(new Layout(directory, Optional.empty()));
        assertRefused(Optional.of("q4"), "it has no variant \"q4\" (it has no ONNX file)");
    }

    @Test
    void theFolderOfAModelInTheCacheOfAHubIsItsSnapshot() throws IOException {
        Path folder = directory.resolve("models--org--name");
        Files.createDirectories(folder.resolve("snapshots/" + COMMIT));
        assertThat(Layout.of(folder, Optional.empty(), subject()).directory())
                .isEqualTo(folder.resolve("snapshots/" + COMMIT));

        Files.createDirectories(folder.resolve("snapshots/" + "d".repeat(40)));
        assertThatThrownBy(() -> Layout.of(folder, Optional.empty(), subject()))
                .hasMessageContaining("it has 2 snapshots, and no refs/main says which one is meant");

        Files.writeString(Files.createDirectories(folder.resolve("refs")).resolve("main"), COMMIT);
        assertThat(Layout.of(folder, Optional.empty(), subject()).directory())
                .isEqualTo(folder.resolve("snapshots/" + COMMIT));

        Files.writeString(folder.resolve("refs/main"), "../../../elsewhere");
        assertThatThrownBy(() -> Layout.of(folder, Optional.empty(), subject()))
                .hasMessageContaining("its refs/main names \"../../../elsewhere\", which is no plain name");
    }

    /** As sentence-transformers 2 and 5 save: the model in a directory of its own, or beside the list. */
    @ParameterizedTest
    @CsvSource({"0_Transformer, 0_Transformer", "'', ''"})
    void theLanguageModelOfSentenceTransformersIsFound(String path, String expected) throws IOException {
        Files.writeString(directory.resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "%s", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
                """.formatted(path));
        write("0_Transformer/config.json");

        assertThat(layout(Optional.empty()).directory()).isEqualTo(directory.resolve(expected));
    }

    @Test
    void anOldDirectoryOfSentenceTransformersHasNoListThatIsNeeded() throws IOException {
        write("0_Transformer/config.json");

        assertThat(layout(Optional.empty()).directory()).isEqualTo(directory.resolve("0_Transformer"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../elsewhere", "/etc", "a/b", ".."})
    void aListOfModulesThatLeadsElsewhereIsRefused(String path) throws IOException {
        Files.writeString(
                directory.resolve("modules.json"),
                "[{\"path\": \"" + path + "\", \"type\": \"sentence_transformers.models.Transformer\"}]");

        assertRefused(Optional.empty(), "its modules.json names \"" + path + "\", which is no plain name");
    }

    @Test
    void aModuleThatIsALinkToAnotherPlaceIsRefused() throws IOException {
        Path inner = Files.createDirectories(directory.resolve("model"));
        Files.createSymbolicLink(inner.resolve("0_Transformer"), directory);
        Files.writeString(directory.resolve("config.json"), "{}");

        assertThatThrownBy(() -> Layout.of(inner, Optional.empty(), subject()))
                .hasMessageContaining("its 0_Transformer is a link to a place outside the directory");
    }

    @Test
    void aGraphBelongsToTheTokenizerBesideItOrAboveOnnx() throws IOException {
        write("config.json", "onnx/model_q4.onnx", "other/config.json", "other/graph.onnx");

        assertThat(Layout.of(directory.resolve("onnx/model_q4.onnx"), Optional.empty(), subject()))
                .isEqualTo(new Layout(directory, Optional.of("onnx/model_q4.onnx")));
        assertThat(Layout.of(directory.resolve("other/graph.onnx"), Optional.empty(), subject()))
                .isEqualTo(new Layout(directory.resolve("other"), Optional.of("graph.onnx")));
        assertThatThrownBy(() -> Layout.of(directory.resolve("other/graph.onnx"), Optional.of("q4"), subject()))
                .hasMessageContaining("it is one graph, which has no variants");
    }

    @ParameterizedTest
    @CsvSource({
        "model.safetensors, weights, it is neither a directory nor an archive (zip; name the directory with config.json",
        "model.onnx, <html>, its model.onnx is an HTML page",
        "model.zip, version https://git-lfs.github.com/spec/v1, its model.zip is a Git LFS pointer"
    })
    void aFileThatIsNoModelIsNamed(String name, String content, String message) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);

        assertThatThrownBy(() -> Layout.of(file, Optional.empty(), subject()))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining(message.split(";")[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "a/my-bert, my-bert",
        "a/my-bert.zip, my-bert",
        "a/my-bert.tar.gz, my-bert",
        "a/my-bert.tgz, my-bert",
        "a/models--org--my-bert, my-bert",
        "a/my-bert/model.onnx, my-bert"
    })
    void aModelIsCalledAsItsDirectoryOrArchive(Path source, String name) {
        assertThat(Layout.name(source)).isEqualTo(name);
    }

    private Layout layout(Optional<String> variant) {
        return Layout.of(directory, variant, subject());
    }

    private void assertRefused(Optional<String> variant, String message) {
        assertThatThrownBy(() -> layout(variant))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining(message);
    }

    private static Subject subject() {
        return new Subject("import model x");
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
    }
}
