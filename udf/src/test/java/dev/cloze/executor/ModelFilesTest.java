package dev.cloze.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.bundle.Bundle;
import dev.cloze.importing.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
    @TempDir
    Path directory;

    @Test
    void aUrlHasASchemeAndAPathHasNone() {
        assertThat(List.of("hdfs:///models/x", "s3a://bucket/x", "file:/models/x", "file:///x"))
                .allMatch(ModelFiles::isUrl);
        assertThat(List.of("bert-base-uncased", "/models/x", "models/x", "C:/models", "./a:/b"))
                .noneMatch(ModelFiles::isUrl);
    }

    @Test
    void aFileUrlIsTheDirectoryItself() {
        Bundle tiny = TinyBert.write(directory, "a model [50%20]");

        assertThat(ModelFiles.fetch("file://" + tiny.directory().toAbsolutePath()))
                .isEqualTo(tiny);
    }

    @Test
    void copiesAreKeptWhereTheyMayBe() {
        assertThat(ModelFiles.directoryOfCopies(Map.of("CLOZE_CACHE", "/cache", "LOCAL_DIRS", "/yarn/a,/yarn/b")))
                .hasToString("/cache/copies");
        assertThat(ModelFiles.directoryOfCopies(Map.of("LOCAL_DIRS", "/yarn/a,/yarn/b")))
                .hasToString("/yarn/a/cloze-models");
        assertThat(ModelFiles.directoryOfCopies(Map.of()).getParent())
                .isEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
    }

    @Test
    void aCopyIsWholeAndTheVeryModel() throws IOException {
        Bundle tiny = TinyBert.write(directory, "tiny");
        Path target = Files.createDirectory(directory.resolve("copy"));
        RemoteBundle remote = new RemoteBundle(tiny.directory().toUri().toString());

        remote.copyTo(target);

        assertThat(remote.digest()).isEqualTo(tiny.digest());
        assertThat(Bundle.open(target).digest()).isEqualTo(tiny.digest());
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files).hasSize(tiny.manifest().files().size() + 1);
        }
    }

    @Test
    void aDamagedFileIsNoticedWhileItIsCopied() throws IOException {
        Bundle tiny = TinyBert.write(directory, "tiny");
        Files.writeString(tiny.file(Bundle.CONFIG), "{}");
        Path target = Files.createDirectory(directory.resolve("copy"));

        assertThatThrownBy(() -> new RemoteBundle(tiny.directory().toUri().toString()).copyTo(target))
                .hasMessageContaining("config.json has sha256 ")
                .hasMessageContaining("the file is damaged");
    }

    @Test
    void aUrlWithoutABundleOrAFileSystemIsExplained() {
        assertThatThrownBy(() -> ModelFiles.fetch("nowhere://host/models/x"))
                .hasMessage("Cannot open model nowhere://host/models/x: No FileSystem for scheme \"nowhere\"; name the"
                        + " directory of a bundle there, and give Spark what it needs to read it");
        assertThatThrownBy(() -> new RemoteBundle(directory.toUri().toString()).digest())
                .hasMessageStartingWith("Cannot open model " + directory.toUri() + ": ")
                .hasMessageContaining("cloze.json");
    }
}
