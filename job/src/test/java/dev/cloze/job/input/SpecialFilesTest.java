package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecialFilesTest {
    @TempDir
    Path directory;

    @Test
    void filesAndDirectoriesAreNotRefusedNorIsNothing() throws IOException {
        SpecialFiles.refuse(directory);
        SpecialFiles.refuse(Files.writeString(directory.resolve("a.txt"), "a"));
        SpecialFiles.refuse(directory.resolve("nowhere"));
    }

    @Test
    void pipesDevicesAndSocketsAreNamed() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));

            assertRefused(pipe, "a pipe");
            assertRefused(socket, "a socket");
            assertRefused(Path.of("/dev/null"), "a device");
        }
        assertThat(SpecialFiles.isStream(pipe.toString())).isTrue();
        assertThat(SpecialFiles.isStream(socket.toString())).isFalse();
        assertThat(SpecialFiles.isStream("/dev/null")).isFalse();
    }

    @Test
    void namesThatAreNoPathsAreNoStreams() throws IOException {
        assertThat(SpecialFiles.isStream("a\0b")).isFalse();
        assertThat(SpecialFiles.isStream(directory.resolve("nowhere").toString()))
                .isFalse();
        assertThat(SpecialFiles.isStream(
                        Files.writeString(directory.resolve("a.txt"), "a").toString()))
                .isFalse();
    }

    private static void assertRefused(Path path, String kind) {
        assertThatThrownBy(() -> SpecialFiles.refuse(path))
                .hasMessage("Cannot read corpus " + path + ": it is " + kind
                        + "; name files or directories, or read a pipe alone with --input -");
    }
}
