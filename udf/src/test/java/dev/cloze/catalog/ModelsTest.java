package dev.cloze.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.bundle.Bundle;
import dev.cloze.importing.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
    @TempDir
    Path cache;

    @TempDir
    Path elsewhere;

    @Test
    void aDirectoryInTheWorkingDirectoryThatIsNoBundleDoesNotHideTheImportedModel() throws IOException {
        String name = "hidden-" + ProcessHandle.current().pid();
        Bundle imported = TinyBert.write(cache, name);
        Path inTheWay = Files.createDirectory(Path.of(name));
        try {
            assertThat(models().open(name)).isEqualTo(imported);
        } finally {
            Files.delete(inTheWay);
        }
    }

    @Test
    void aDirectoryThatIsABundleWins() throws IOException {
        TinyBert.write(cache, "m");
        Bundle there = TinyBert.write(elsewhere, "m");

        assertThat(models().open(there.directory().toString())).isEqualTo(there);
    }

    @Test
    void aDirectoryThatWasImportedIsCalledByItsName() throws IOException {
        TinyBert.write(cache, "m");
        Path source = Files.createDirectory(elsewhere.resolve("m"));

        assertThatThrownBy(() -> models().open(source.toString()))
                .hasMessage("Cannot open model " + source + ": the directory " + source
                        + " has no cloze.json; a model of that name was imported: write m instead");
    }

    @Test
    void aDirectoryThatIsNoBundleAndWasNotImportedIsToBeImported() throws IOException {
        Path source = Files.createDirectory(elsewhere.resolve("m"));

        assertThatThrownBy(() -> models().open(source.toString()))
                .hasMessage("Cannot open model " + source + ": the directory " + source
                        + " has no cloze.json, and there is no model m in " + cache + "; import it with `cloze model"
                        + " import " + source + "`, and name what was imported");
    }

    @Test
    void anUnknownModelIsFetchedOrExported() {
        assertThatThrownBy(() -> models().open("FacebookAI/roberta-base"))
                .hasMessage(
                        "Cannot open model FacebookAI/roberta-base: there is no such directory, and no model of that"
                                + " name in " + cache
                                + "; write hf:FacebookAI/roberta-base to fetch it from a model hub, or choose one of"
                                + " bert-base-cased, bert-base-multilingual-cased, bert-base-uncased");
        assertThatThrownBy(() -> models().open("legal-bert"))
                .hasMessage("Cannot open model legal-bert: there is no such directory, and no model of that"
                        + " name in " + cache
                        + "; export it to ONNX (with Hugging Face Optimum: `optimum-cli export onnx"
                        + " --model legal-bert DIRECTORY`) and import that with `cloze model import"
                        + " DIRECTORY --name NAME`, or choose one of bert-base-cased, bert-base-multilingual-cased,"
                        + " bert-base-uncased");
        assertThatThrownBy(() -> models().open("nul\u0000")).hasMessageContaining("there is no such directory");
        assertThatThrownBy(() -> models().open("")).hasMessageContaining("there is no such directory");
    }

    @Test
    void aSlipInTheSourceOfAnImportBringsTheNearestName() {
        assertThatThrownBy(() -> models().importModel("bert-base-uncasd", Optional.empty(), Optional.empty()))
                .hasMessageEndingWith("; did you mean bert-base-uncased?");
        assertThatThrownBy(() -> models().importModel("distilroberta-bas", Optional.empty(), Optional.empty()))
                .hasMessageEndingWith("; did you mean distilroberta-base?");
    }

    @Test
    void namesOfBuiltInModelsCannotBeTakenInOtherCaseEither() {
        assertThatThrownBy(() ->
                        models().importModel(elsewhere.toString(), Optional.of("BERT-base-Uncased"), Optional.empty()))
                .hasMessageContaining("not those of built-in models");
    }

    @Test
    void aSlipInTheNameOfAModelToRemoveBringsTheNearestName() {
        TinyBert.write(cache, "my-model");

        assertThatThrownBy(() -> models().remove("my-modle"))
                .hasMessage("Cannot remove model my-modle: there is no model of that name in " + cache
                        + "; did you mean my-model?");
        assertThatThrownBy(() -> models().remove("../" + cache.getFileName() + "/my-model"))
                .hasMessageContaining("there is no model of that name");
        assertThat(models().open("my-model").directory()).exists();
    }

    /** The build gives tests a home of their own, so that they leave the models of whoever runs them alone. */
    @Test
    void theDefaultCacheOfTestsIsTheirOwn() {
        assertThat(Models.inDefaultCache(said -> {}).cache())
                .isEqualTo(Path.of("target/home/.cache/cloze").toAbsolutePath());
    }

    private Models models() {
        return new Models(cache, said -> {});
    }
}
