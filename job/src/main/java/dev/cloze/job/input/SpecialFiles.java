package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/** Names of this machine behind which there is no file: pipes, sockets, devices. */
final class SpecialFiles {
    private static final int TYPE = 0xF000;
    private static final int PIPE = 0x1000;
    private static final Map<Integer, String> KINDS =
            Map.of(PIPE, "a pipe", 0x2000, "a device", 0x6000, "a device", 0xC000, "a socket");

    private SpecialFiles() {}

    /** Whether {@code name} is one of a pipe, or of this process's own streams. */
    static boolean isStream(String name) {
        try {
            Path path = Path.of(name);
            boolean isOwn = path.startsWith("/dev/fd") || path.equals(Path.of("/dev/stdin"));
            return Files.exists(path) && (type(path) == PIPE || isOwn && Files.isRegularFile(path));
        } catch (InvalidPathException | IOException e) {
            return false;
        }
    }

    /** Fails when there is something at {@code path} that is neither a file nor a directory. */
    static void refuse(Path path) throws IOException {
        if (Files.exists(path)
                && Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
            throw ClozeException.user(
                    "read corpus " + path,
                    "it is " + KINDS.getOrDefault(type(path), "no file"),
                    "name files or directories, or read a pipe alone with --input -");
        }
    }

    private static int type(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & TYPE;
    }
}
