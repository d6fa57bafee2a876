package dev.cloze.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.bundle.Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file that is pushed.
 *
 * @param path in the repository
 * @param file on this machine
 * @param size in bytes
 */
record LocalFile(String path, Path file, long size) {
    /** Bytes from which a hub tells what kind of file it is. */
    private static final int SAMPLE = 512;

    private static final String VALUE = "value";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The files of {@code directory} in the order of their names. Hidden ones are left out, as they are meant for nobody else: keys and
     * passwords are often among them.
     */
    static List<LocalFile> in(Path directory, HubRefusal refusal) throws IOException {
        if (!Files.isRegularFile(directory.resolve(Bundle.CONFIG))) {
            throw refusal.model(
                    directory + " has no " + Bundle.CONFIG,
                    "name a directory that `cloze model export` wrote, or another one with a model");
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> files = paths.filter(path -> !isHidden(directory.relativize(path)))
                    .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
            for (Path file : files) {
                requirePlain(file, directory, refusal);
            }
            return files.stream().map(file -> of(directory, file)).toList();
        }
    }

    private static boolean isHidden(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static void requirePlain(Path file, Path directory, HubRefusal refusal) {
        String path = directory.relativize(file).toString();
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !HubFile.isSafe(path)) {
            throw refusal.model(
                    file + " is a link or no plain file, or has a name that a repository cannot have",
                    "put a copy there, or move it away");
        }
    }

    private static LocalFile of(Path directory, Path file) {
        return new LocalFile(
                directory.relativize(file).toString(), file, file.toFile().length());
    }

    /** Whether the hub has it as it is. */
    boolean isAmong(List<HubFile> files) throws IOException {
        for (HubFile there : files) {
            if (there.path().equals(path)) {
                return there.size() == size && there.digest().isOf(file);
            }
        }
        return false;
    }

    /** sha256 of the content, by which a store of large files knows it. */
    String sha256() throws IOException {
        return ContentDigest.of(ContentDigest.Kind.SHA256, file).hex();
    }

    /** What the hub is asked before it is sent. */
    ObjectNode announcement() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return JSON.createObjectNode()
                    .put("path", path)
                    .put("sample", Base64.getEncoder().encodeToString(in.readNBytes(SAMPLE)))
                    .put("size", size);
        }
    }

    /** Its line of a commit, with its content. */
    ObjectNode lineWithContent() throws IOException {
        ObjectNode line = line("file");
        value(line)
                .put("content", Base64.getEncoder().encodeToString(Files.readAllBytes(file)))
                .put("encoding", "base64");
        return line;
    }

    /** Its line of a commit, with the digest of what was sent to the store. */
    ObjectNode lineWithDigest() throws IOException {
        ObjectNode line = line("lfsFile");
        value(line).put("algo", "sha256").put("oid", sha256()).put("size", size);
        return line;
    }

    private ObjectNode line(String key) {
        ObjectNode line = JSON.createObjectNode().put("key", key);
        line.putObject(VALUE).put("path", path);
        return line;
    }

    private static ObjectNode value(ObjectNode line) {
        return (ObjectNode) line.get(VALUE);
    }
}
