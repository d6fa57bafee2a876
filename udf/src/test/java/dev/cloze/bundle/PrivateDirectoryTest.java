package dev.cloze.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void itIsMadeForThisUserAlone() throws IOException {
        Path made = PrivateDirectory.make(parent.resolve("a/b"));

        assertThat(Files.getPosixFilePermissions(made)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(PrivateDirectory.make(made)).isEqualTo(made).isEmptyDirectory();
    }

    @Test
    void oneThatOthersCouldOnlyReadIsClosedToThem() throws IOException {
        Path directory = withPermissions("rwxr-xr-x");

        PrivateDirectory.make(directory);

        assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxr-x", "rwxr-xrwx", "rwx-w----"})
    void oneThatOthersMayWriteToIsRefused(String permissions) throws IOException {
        Path directory = withPermissions(permissions);

        assertThatThrownBy(() -> PrivateDirectory.make(directory))
                .hasMessage("Cannot keep copies of models in " + directory + ": other users may write to it ("
                        + permissions + "), so what lies in it may be theirs; remove it, or name another place with"
                        + " CLOZE_CACHE (spark.executorEnv.CLOZE_CACHE)");
    }

    @Test
    void oneOfAnotherUserIsRefused() throws IOException {
        Path directory = Files.createDirectory(parent.resolve("d"));
        UserPrincipal other =
                parent.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");

        assertThatThrownBy(() -> PrivateDirectory.make(directory, here -> other))
                .hasMessageContaining(": it belongs to ")
                .hasMessageContaining(
                        "and this process runs as nobody; remove it, or name another place with CLOZE_CACHE");
    }

    @Test
    void oneThatAnotherUserReallyMadeIsRefused() throws IOException {
        Path directory = Files.createDirectory(parent.resolve("d"));
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a directory away");
        Files.setOwner(
                directory,
                parent.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

        assertThatThrownBy(() -> PrivateDirectory.make(directory))
                .hasMessageContaining("it belongs to nobody, and this process runs as root");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aLinkToADirectoryIsRefused() throws IOException {
        Path target = Files.createDirectory(parent.resolve("target"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), target);

        assertThatThrownBy(() -> PrivateDirectory.make(link)).hasMessageContaining("it is a symbolic link");
    }

    @Test
    void aFileIsRefused() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> PrivateDirectory.make(file)).hasMessageContaining("it is not a directory");
    }

    private Path withPermissions(String permissions) throws IOException {
        Path directory = Files.createDirectory(parent.resolve("d"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        return directory;
    }
}
