package dev.cloze.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a later process believes without reading the files again. Each state here is that of another process: it is not the JVM's own memory. */
class VerifiedBundlesTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private Path cache;
    private VerifiedBundles verified;

    @BeforeEach
    void cache() throws IOException {
        cache = Files.createDirectory(directory.resolve("cache"));
        verified = new VerifiedBundles(cache);
        Files.writeString(directory.resolve("model.onnx"), "weights");
    }

    @Test
    void aStateThatWasKeptIsKnownToLaterProcessesOfThisUserOnly() throws IOException {
        verified.keep(state());

        assertThat(new VerifiedBundles(cache).has(state())).isTrue();
        assertThat(Files.getPosixFilePermissions(kept())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(new VerifiedBundles(directory.resolve("other")).has(state())).isFalse();
    }

    @Test
    void aFileThatWasChangedAndGivenItsSizeAndTimeBackIsAnotherState() throws IOException {
        Path file = directory.resolve("model.onnx");
        FileTime time = Files.getLastModifiedTime(file);
        verified.keep(state());
        Files.writeString(file, "weighty");
        Files.setLastModifiedTime(file, time);

        assertThat(verified.has(state())).isFalse();
    }

    @Test
    void aFileInPlaceOfAnotherAndABundleOfAnotherDigestAreOtherStates() throws IOException {
        verified.keep(state());

        assertThat(verified.has(FileStates.of(directory, "other", List.of("model.onnx"))))
                .isFalse();
        Files.move(directory.resolve("model.onnx"), directory.resolve("before"));
        Files.copy(directory.resolve("before"), directory.resolve("model.onnx"));
        assertThat(verified.has(state())).isFalse();
    }

    @Test
    void whatOthersMayHaveWrittenIsNotBelieved() throws IOException {
        verified.keep(state());
        Files.setPosixFilePermissions(kept(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(verified.has(state())).isFalse();
    }

    @Test
    void aLinkInPlaceOfTheDirectoryIsNotFollowed() throws IOException {
        verified.keep(state());
        Path elsewhere = directory.resolve("elsewhere");
        Path kept = kept();
        Files.move(kept, elsewhere);
        Files.createSymbolicLink(kept, elsewhere);

        assertThat(verified.has(state())).isFalse();
    }

    @Test
    void aCacheThatCannotBeWrittenKeepsNothingAndHarmsNothing() throws IOException {
        VerifiedBundles nowhere = new VerifiedBundles(Files.writeString(directory.resolve("file"), "x"));

        nowhere.keep(state());

        assertThat(nowhere.has(state())).isFalse();
    }

    @Test
    void aFileThatChangedJustNowMayChangeAgainUnseenAndIsReadTheNextTime() throws IOException {
        assertThat(state().isLasting()).isFalse();
        assertThat(new FileStates(state().lines(), LONG_AGO).isLasting()).isTrue();
        assertThat(new FileStates(state().lines(), Instant.MAX).isLasting())
                .as("a system that keeps no time of changes")
                .isFalse();
    }

    @Test
    void aDamagedBundleIsRefusedWhateverIsKeptOfItsNeighbours() throws IOException {
        Bundle bundle = Manifests.write(Files.createDirectory(directory.resolve("m")), "weights");
        verified.verify(bundle);
        Files.writeString(bundle.file("model.onnx"), "weighty");

        assertThatThrownBy(() -> verified.verify(bundle)).hasMessageContaining("model.onnx has sha256 0775d5");
    }

    private FileStates state() throws IOException {
        return FileStates.of(directory, "digest", List.of("model.onnx"));
    }

    private Path kept() throws IOException {
        try (var entries = Files.list(cache.resolve(".cloze-cache"))) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("verified-by-"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
