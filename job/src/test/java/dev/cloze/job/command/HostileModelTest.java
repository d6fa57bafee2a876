package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.bundle.Bundle;
import dev.cloze.catalog.ModelChoice;
import dev.cloze.catalog.Models;
import dev.cloze.importing.TinyBert;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.onnx.DeviceRequest;
import dev.cloze.spark.Cloze;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of a model ends the process, whichever way it comes in. */
class HostileModelTest {
    private static final String ENDED =
            "its tokenizer.json ended the process that tried it (signal 6); do not use it: the file is damaged or was made to"
                    + " do harm; export the model again";

    @TempDir
    Path directory;

    @Test
    void anExportWhoseTokenizerEndsTheProcessIsRefusedInOneSentence() throws Exception {
        Path export = export();
        makeHostile(export);

        Result result = Runner.run("model", "import", export.toString(), "--cache", cache().toString());

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err().lines().toList())
                .containsExactly(
                        "cloze: importing " + export + " as model",
                        "cloze: Cannot import model " + export + ": " + ENDED);
        assertThat(cache().resolve("model")).doesNotExist();
    }

    @Test
    void anExportOfThreeFilesIsImportedAndUsedWithoutAnotherTrial() throws Exception {
        Path export = export();
        Files.delete(export.resolve("tokenizer_config.json"));

        Result result = Runner.run("model", "import", export.toString(), "--cache", cache().toString());

        assertThat(result.code()).as(result.err()).isZero();
        Bundle bundle = Bundle.open(cache().resolve("model"));
        assertThat(result.out().strip()).isEqualTo(bundle.directory().toString());
        assertThat(tried()).containsExactly(bundle.digest());
    }

    @Test
    void aBundleWhoseTokenizerEndsTheProcessIsRefusedByTheCommand() throws Exception {
        Bundle bundle = hostileBundle();

        Result result = Runner.run(
                "fill-mask",
                "--text",
                "a [MASK]",
                "--model",
                bundle.directory().toString(),
                "--cache",
                cache().toString());

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err().lines().toList())
                .containsExactly("cloze: Cannot open model " + bundle.directory() + ": " + ENDED);
        assertThat(tried()).isEmpty();
    }

    @Test
    void aBundleWhoseTokenizerEndsTheProcessIsRefusedByTransformations() throws Exception {
        String bundle = hostileBundle().directory().toString();
        Dataset<Row> texts = Runner.spark().sql("SELECT 'a [MASK]' AS text");

        assertThatThrownBy(() -> texts.transform(Cloze.fillMask("text").option("model", bundle))
                        .collect())
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining("Cannot open model " + bundle + ": " + ENDED);
    }

    @Test
    void aBundleIsTriedOnceForACache() {
        Bundle bundle = TinyBert.write(directory, "tried-once");
        Models models = new Models(cache(), message -> {});

        ModelChoice.of(bundle.directory().toString(), models, DeviceRequest.auto());
        List<String> first = tried();
        ModelChoice.of(bundle.directory().toString(), models, DeviceRequest.auto());

        assertThat(first).containsExactly(bundle.digest());
        assertThat(tried()).isEqualTo(first);
        assertThat(cache().toFile().list()).containsExactly(".cloze-cache");
    }

    @Test
    void whatOthersMayHaveWrittenOfABundleIsNotBelieved() throws Exception {
        Bundle hostile = hostileBundle();
        Path notes = triedByMe();
        ModelChoice.of(
                TinyBert.write(directory, "sound").directory().toString(),
                new Models(cache(), message -> {}),
                DeviceRequest.auto());
        Path note = Files.copy(notes.resolve(tried().get(0)), notes.resolve(hostile.digest()));
        Files.setPosixFilePermissions(notes, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> ModelChoice.of(
                        hostile.directory().toString(), new Models(cache(), message -> {}), DeviceRequest.auto()))
                .hasMessageContaining(ENDED);
        assertThat(note).exists();
    }

    @Test
    void aBundleIsUsedWhereSomethingElseHasTheNameOfTheNotes() throws IOException {
        Path precious = Files.writeString(
                Files.createDirectories(cache().resolve(".cloze-cache")).resolve("a.txt"), "mine");
        Bundle bundle = TinyBert.write(directory, "tried-in-vain");

        ModelChoice.of(bundle.directory().toString(), new Models(cache(), message -> {}), DeviceRequest.auto());

        assertThat(tried()).isEmpty();
        assertThat(precious).hasContent("mine");
    }

    private Bundle hostileBundle() throws IOException {
        Bundle sound = TinyBert.write(directory, "elsewhere");
        makeHostile(sound.directory());
        return Bundle.seal(sound.directory(), sound.manifest().withFiles(Bundle.listing(sound.directory())));
    }

    private static void makeHostile(Path model) throws IOException {
        Path file = model.resolve(Bundle.TOKENIZER);
        ObjectNode tokenizer = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        tokenizer.putObject("pre_tokenizer").put("type", "FixedLength").put("length", 0);
        Files.writeString(file, tokenizer.toString());
    }

    private Path export() throws IOException {
        return Exports.bert(directory.resolve("downloads/model"));
    }

    private Path cache() {
        return directory.resolve("cache");
    }

    private Path triedByMe() {
        return cache().resolve(".cloze-cache/tried-by-" + System.getProperty("user.name"));
    }

    private List<String> tried() {
        try (Stream<Path> files = Files.isDirectory(triedByMe()) ? Files.list(triedByMe()) : Stream.of()) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
