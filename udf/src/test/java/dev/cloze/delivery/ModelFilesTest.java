package dev.cloze.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
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
        String user = System.getProperty("user.name");
        assertThat(ModelFiles.directoryOfCopies(Map.of("CLOZE_CACHE", "/cache", "LOCAL_DIRS", "/yarn/a,/yarn/b")))
                .hasToString("/cache/copies-" + user);
        assertThat(ModelFiles.directoryOfCopies(Map.of("CLOZE_CACHE", "", "LOCAL_DIRS", "/yarn/a,/yarn/b")))
                .hasToString("/yarn/a/cloze-models");
        assertThat(ModelFiles.directoryOfCopies(Map.of()))
                .isEqualTo(Path.of(System.getProperty("java.io.tmpdir"), "cloze-models-" + user));
    }

    @Test
    void aUserMayHaveAnyName() {
        String user = System.getProperty("user.name");
        try {
            for (String name : List.of("DOMAIN\\me", "../../etc", "?", "me and you")) {
                System.setProperty("user.name", name);

                assertThat(ModelFiles.directoryOfCopies(Map.of("CLOZE_CACHE", "/cache"))
                                .toString())
                        .matches("/cache/copies-[A-Za-z_]+");
            }
        } finally {
            System.setProperty("user.name", user);
        }
    }

    @Test
    void aCopyIsWholeAndTheVeryModel() throws IOException {
        Bundle tiny = TinyBert.write(directory, "tiny");
        Path target = Files.createDirectory(directory.resolve("copy"));
        RemoteBundle remote = new RemoteBundle(tiny.directory().toUri().toString());

        remote.copyTo(target, tiny.digest());

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

        assertThatThrownBy(() -> new RemoteBundle(url(tiny)).copyTo(target, tiny.digest()))
                .hasMessageContaining("config.json has ")
                .hasMessageContaining("the file is damaged");
    }

    @Test
    void noMoreIsWrittenOfAFileThanItsManifestSays() throws IOException {
        Bundle tiny = TinyBert.write(directory, "tiny");
        Path config = tiny.file(Bundle.CONFIG);
        Files.writeString(config, Files.readString(config) + " ".repeat(1 << 20));
        Path target = Files.createDirectory(directory.resolve("copy"));

        assertThatThrownBy(() -> new RemoteBundle(url(tiny)).copyTo(target, tiny.digest()))
                .hasMessage("Cannot open model " + url(tiny) + ": config.json has more bytes than the "
                        + tiny.manifest().files().get(Bundle.CONFIG).bytes()
                        + " that cloze.json says; the file is damaged: copy the bundle there again");
        assertThat(Files.size(target.resolve(Bundle.CONFIG)))
                .isLessThanOrEqualTo(tiny.manifest().files().get(Bundle.CONFIG).bytes());
    }

    @Test
    void aModelThatChangedSinceTheDriverReadItIsNotCopied() throws IOException {
        Bundle tiny = TinyBert.write(directory, "tiny");
        Bundle other = TinyBert.write(directory, "other");
        Path target = Files.createDirectory(directory.resolve("copy"));

        assertThatThrownBy(() -> new RemoteBundle(url(other)).copyTo(target, tiny.digest()))
                .hasMessageContaining(
                        "another model is there now (" + other.digest() + ", the job wants " + tiny.digest() + ")");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void whatIsInTheWayIsNeitherFollowedNorOverwritten() throws IOException {
        Bundle tiny = TinyBert.write(directory, "tiny");
        Path precious = Files.writeString(directory.resolve("precious"), "mine");
        Path target = Files.createDirectory(directory.resolve("copy"));
        Files.createSymbolicLink(target.resolve(Bundle.CONFIG), precious);

        assertThatThrownBy(() -> new RemoteBundle(url(tiny)).copyTo(target, tiny.digest()))
                .isInstanceOf(ClozeException.class);
        assertThat(precious).hasContent("mine");
    }

    private static String url(Bundle bundle) {
        return bundle.directory().toUri().toString();
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
