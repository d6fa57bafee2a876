package dev.cloze.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.hub.FakeHub;
import dev.cloze.hub.Hub;
import dev.cloze.importing.Exports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model of a hub is fetched and imported once; afterwards nobody is asked. */
class HubModelsTest {
    private static final String FIRST = "1".repeat(40);
    private static final String SECOND = "2".repeat(40);

    @TempDir
    Path home;

    @TempDir
    Path files;

    private final FakeHub server = new FakeHub();
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> said = new ArrayList<>();

    /** The layout of Optimum and of transformers.js: the graph in a directory of its own, and variants beside it. */
    @BeforeEach
    void publish() throws IOException {
        Exports.copyOf("exports/bert", files);
        Files.createDirectory(files.resolve("onnx"));
        Files.move(files.resolve("model.onnx"), files.resolve("onnx/model.onnx"));
        Files.copy(files.resolve("onnx/model.onnx"), files.resolve("onnx/model_fp16.onnx"));
        Files.writeString(files.resolve("README.md"), "---\nlicense: mit\n---\n");
        server.with("org/tiny", FIRST, files);
        environment.put("HF_ENDPOINT", server.url());
        environment.put("HF_HOME", home.resolve("hub").toString());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theFirstUseFetchesAndImportsAndLaterOnesAskNobody() {
        Bundle first = models().open("hf:org/tiny");
        server.close();

        assertThat(models().open("hf:org/tiny")).isEqualTo(first);
        assertThat(models().open("hf:org/tiny@" + FIRST)).isEqualTo(first);
        assertThat(first.directory()).isEqualTo(home.resolve("hf--org--tiny--" + FIRST.substring(0, 16)));
        assertThat(said.get(0)).startsWith("fetching hf:org/tiny (commit 111111111111) from " + server.url());
        assertThat(said.subList(1, said.size())).containsExactly("importing hf:org/tiny as tiny");
    }

    @Test
    void weightsOfTheHubBecomeWhatTheSameWeightsInADirectoryBecome(@TempDir Path checkpoint) throws IOException {
        Exports.copyOf("checkpoints/bert-shards", checkpoint);
        server.with("org/weights", FIRST, checkpoint);

        Bundle fetched = models().open("hf:org/weights");

        Bundle local = models().importModel(checkpoint.toString(), Optional.of("local"), Optional.empty());
        assertThat(fetched.manifest().files()).isEqualTo(local.manifest().files());
    }

    @Test
    void aModelWhoseWeightsCannotBeBuiltNamesItsExport(@TempDir Path checkpoint) throws IOException {
        Exports.copyOf("checkpoints/bert", checkpoint);
        Exports.changeJson(checkpoint.resolve("config.json"), config -> config.put("hidden_act", "mish"));
        Files.createDirectory(checkpoint.resolve("onnx"));
        Files.copy(files.resolve("onnx/model.onnx"), checkpoint.resolve("onnx/model.onnx"));
        server.with("org/weights", FIRST, checkpoint);

        assertThatThrownBy(() -> models().open("hf:org/weights"))
                .hasMessageContaining("mish")
                .hasMessageEndingWith(
                        "import its ONNX export: `cloze model import hf:org/weights --variant onnx/model.onnx"
                                + " --name NAME`");
    }

    /** As when {@code from_pretrained} fetches a newer commit into the same cache. */
    @Test
    void anotherCommitInTheCacheOfThePythonClientChangesNoModel() throws IOException {
        Bundle first = models().open("hf:org/tiny");
        Files.writeString(home.resolve("hub/hub/models--org--tiny/refs/main"), SECOND);
        server.close();

        assertThat(models().open("hf:org/tiny")).isEqualTo(first);
    }

    @Test
    void whatWasImportedUnderAnyNameServesTheNameOfTheHub() {
        Bundle imported = models().importModel("hf:org/tiny", Optional.of("mine"), Optional.empty());
        server.close();

        assertThat(models().open("hf:org/tiny")).isEqualTo(imported);
        assertThat(models().open("mine")).isEqualTo(imported);
        assertThat(imported.directory()).isEqualTo(home.resolve("mine"));
        assertThat(imported.manifest().origin()).isEqualTo(new Manifest.Origin("hf:org/tiny", FIRST, null, "mit"));
        imported.verify();
    }

    @Test
    void aModelStaysAtItsCommitUntilItIsImportedAgain() throws IOException {
        Bundle first = models().open("hf:org/tiny");
        Exports.changeJson(files.resolve("config.json"), config -> config.put("max_position_embeddings", 24));
        server.with("org/tiny", SECOND, files);

        assertThat(models().open("hf:org/tiny")).isEqualTo(first);
        Bundle second = models().importModel("hf:org/tiny", Optional.of("newer"), Optional.empty());
        assertThat(second.manifest().origin().revision()).isEqualTo(SECOND);
        assertThat(second.manifest().positionLimit()).isEqualTo(24);
        assertThat(models().open("hf:org/tiny")).isEqualTo(second);
        assertThat(models().open("hf:org/tiny@" + FIRST)).isEqualTo(first);
    }

    @Test
    void importingTheSameCommitAgainDoesNothingAndAnotherOneNeedsAnotherName() throws IOException {
        Bundle first = models().importModel("hf:org/tiny", Optional.empty(), Optional.empty());
        said.clear();

        assertThat(models().importModel("hf:org/tiny", Optional.empty(), Optional.empty()))
                .isEqualTo(first);
        assertThat(said).containsExactly("the model tiny is that commit already (" + FIRST + ")");
        assertThat(new Models(home.resolve("another"), said::add, this::hub)
                        .open("hf:org/tiny")
                        .digest())
                .as("the same model has the same digest whichever way it came")
                .isEqualTo(first.digest());
        server.with("org/tiny", SECOND, files);
        assertThatThrownBy(() -> models().importModel("hf:org/tiny", Optional.empty(), Optional.empty()))
                .hasMessageContaining("there is a model tiny in " + home + "; choose another --name");
    }

    @Test
    void copiedCachesOfModelsNeedNoCacheOfTheHub() throws IOException {
        Bundle imported = models().importModel("hf:org/tiny", Optional.empty(), Optional.empty());
        Directories.delete(home.resolve("hub"));
        server.close();

        assertThat(models().open("hf:org/tiny")).isEqualTo(imported);
    }

    @Test
    void aVariantIsAnotherModel() {
        Bundle variant = models().importModel("hf:org/tiny", Optional.of("half"), Optional.of("fp16"));

        assertThat(variant.manifest().origin().variant()).isEqualTo("fp16");
        assertThat(models().open("hf:org/tiny")).isNotEqualTo(variant);
    }

    @Test
    void aWellKnownNameIsAnAlias() throws IOException {
        server.with("FacebookAI/roberta-base", FIRST, files);

        Bundle bundle = models().open("roberta-base");

        assertThat(bundle.manifest().origin().source()).isEqualTo("hf:FacebookAI/roberta-base");
        assertThat(models().open("hf:FacebookAI/roberta-base")).isEqualTo(bundle);
    }

    /** As huggingface.co redirects the names without organisation. */
    @ParameterizedTest
    @CsvSource({
        "distilroberta-base, hf:distilbert/distilroberta-base",
        "roberta-base, hf:FacebookAI/roberta-base",
        "xlm-roberta-base, hf:FacebookAI/xlm-roberta-base",
        "neuralmind/bert-base-portuguese-cased, hf:neuralmind/bert-base-portuguese-cased"
    })
    void theAliasesAreThoseOfThePythonPipeline(String alias, String name) {
        assertThat(WellKnownModel.onTheHub(alias)).hasToString("Optional[" + name + "]");
    }

    @Test
    void anImportedModelOrADirectoryComesBeforeAnAlias() throws IOException {
        Bundle own = models().importModel(files.toString(), Optional.of("roberta-base"), Optional.empty());

        assertThat(models().open("roberta-base")).isEqualTo(own);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void whatCannotBeImportedIsRefusedByTheNameOfTheHub() throws IOException {
        Exports.changeJson(files.resolve("config.json"), config -> config.remove("vocab_size"));
        server.with("org/tiny", SECOND, files);

        assertThatThrownBy(() -> models().open("hf:org/tiny"))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessage(
                        "Cannot import model hf:org/tiny: its config.json has no vocab_size; put the config.json there"
                                + " that was saved with the model");
        assertThat(models().list()).isEmpty();
    }

    @Test
    void offlineTheCacheOfThePythonClientIsEnough() {
        models().open("hf:org/tiny");
        server.close();
        environment.put("HF_HUB_OFFLINE", "1");

        Bundle bundle = new Models(home.resolve("another"), said::add, this::hub).open("hf:org/tiny");

        assertThat(bundle.manifest().origin().revision()).isEqualTo(FIRST);
    }

    private Models models() {
        return new Models(home, said::add, this::hub);
    }

    private Hub hub() {
        return Hub.of(environment);
    }
}
