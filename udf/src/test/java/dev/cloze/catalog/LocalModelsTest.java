package dev.cloze.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.bundle.Bundle;
import dev.cloze.importing.Exports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a model lies in, the bundle is the one of its directory. */
class LocalModelsTest {
    @TempDir
    Path directory;

    private Path source;

    @BeforeEach
    void copy() throws IOException {
        source = Exports.copyOf("exports/bert", directory.resolve("tiny"));
    }

    @Test
    void anArchiveAGraphAndAVariantAreTheModelOfTheirDirectory() throws IOException {
        Bundle plain = models("a").importModel(source.toString(), Optional.empty(), Optional.empty());
        Path archive = zip();

        assertThat(models("b")
                        .importModel(archive.toString(), Optional.empty(), Optional.empty())
                        .digest())
                .isEqualTo(plain.digest());
        Files.createDirectory(source.resolve("onnx"));
        Files.move(source.resolve("model.onnx"), source.resolve("onnx/model_fp16.onnx"));
        assertThat(models("c")
                        .importModel(source.toString(), Optional.empty(), Optional.of("fp16"))
                        .digest())
                .isEqualTo(plain.digest());
        Path graph = source.resolve("onnx/model_fp16.onnx");
        assertThat(models("d")
                        .importModel(graph.toString(), Optional.empty(), Optional.empty())
                        .digest())
                .isEqualTo(plain.digest());
    }

    @Test
    void anArchiveIsRefusedByItsName() throws IOException {
        Files.delete(source.resolve("config.json"));
        Path archive = zip();

        assertThatThrownBy(() -> models("a").importModel(archive.toString(), Optional.empty(), Optional.empty()))
                .hasMessageStartingWith("Cannot import model " + archive + ": it has no config.json; ");
        assertThat(directory.resolve("a").resolve("tiny")).doesNotExist();
        assertThat(directory.resolve("a/.cloze-cache").toFile().list()).noneMatch(name -> name.contains("unfinished"));
    }

    private Path zip() throws IOException {
        Path archive = directory.resolve("tiny.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String name : source.toFile().list()) {
                zip.putNextEntry(new ZipEntry("tiny/" + name));
                Files.copy(source.resolve(name), zip);
                zip.closeEntry();
            }
        }
        return archive;
    }

    private Models models(String cache) {
        return new Models(directory.resolve(cache), said -> {});
    }
}
