package dev.cloze.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory that is all a run needs of a model.
 *
 * @param directory where it is
 * @param manifest what its {@code cloze.json} says
 * @param digest sha256 of {@code cloze.json}, which names the sha256 of every other file: the identity of the model
 */
public record Bundle(Path directory, Manifest manifest, String digest) {
    public static final String MANIFEST = "cloze.json";
    /** The plain graph with the weights inside. */
    public static final String MODEL = "model.onnx";
    /** The scoring graph; its weights are stretches of {@link #MODEL}. */
    public static final String SCORING = "scoring.onnx";

    /** From ids to hidden states; its weights, too, are stretches of {@link #MODEL}. Not every model has one. */
    public static final String FEATURES = "features.onnx";

    public static final String TOKENIZER = "tokenizer.json";
    public static final String CONFIG = "config.json";

    private static final Set<List<String>> VERIFIED = ConcurrentHashMap.newKeySet();

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** Reads the manifest; the other files are not looked at, see {@link #verify()}. */
    public static Bundle open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw ClozeException.model(
                    "open model " + directory,
                    "there is no such directory on this node",
                    "put the bundle at the same path on every node that scores");
        }
        Path file = directory.resolve(MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw ClozeException.model(
                    "open model " + directory,
                    "it has no " + MANIFEST,
                    "make a bundle of it with `cloze model import " + directory + "`");
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            int format = JSON.readTree(bytes).path("format").asInt();
            if (format != Manifest.FORMAT) {
                throw ClozeException.model(
                        "open model " + directory,
                        "its format is " + format + ", this version reads " + Manifest.FORMAT,
                        "delete the directory and import the model again");
            }
            return new Bundle(directory, JSON.readValue(bytes, Manifest.class), Sha256.of(bytes));
        } catch (JsonProcessingException e) {
            throw ClozeException.model(
                    "open model " + directory,
                    MANIFEST + " is damaged: " + e.getOriginalMessage(),
                    "import the model again",
                    e);
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /** Whether {@code directory} holds a bundle of the format that this version reads. */
    static boolean isCurrent(Path directory) {
        try {
            Path file = directory.resolve(MANIFEST);
            return Files.isRegularFile(file)
                    && JSON.readTree(file.toFile()).path("format").asInt() == Manifest.FORMAT;
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /** Reads every file and compares it with the manifest; in one JVM only once, as long as no file changes. */
    public void verify() {
        if (VERIFIED.contains(state())) {
            return;
        }
        manifest.files().forEach((name, expected) -> {
            Manifest.FileEntry found = entry(directory, name);
            if (found.bytes() != expected.bytes() || !found.sha256().equals(expected.sha256())) {
                throw ClozeException.model(
                        "open model " + directory,
                        name + " has sha256 " + found.sha256() + " (" + found.bytes() + " bytes), " + MANIFEST
                                + " says " + expected.sha256() + " (" + expected.bytes() + " bytes)",
                        "the file is damaged: delete the directory and import the model again");
            }
        });
        VERIFIED.add(state());
    }

    /** Whether all files are there as the manifest says. */
    public boolean isWhole() {
        try {
            verify();
            return true;
        } catch (ClozeException e) {
            return false;
        }
    }

    /** What changes when a file does. */
    private List<String> state() {
        List<String> state = new ArrayList<>(List.of(directory.toString(), digest));
        try {
            for (String name : manifest.files().keySet()) {
                Path file = directory.resolve(name);
                state.add(Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
        return state;
    }

    /** Writes {@code cloze.json} for the files that lie in {@code directory}: the last step of an import. */
    public static Bundle seal(Path directory, Manifest manifest) {
        try {
            byte[] bytes = (JSON.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(directory.resolve(MANIFEST), bytes);
            return new Bundle(directory, manifest, Sha256.of(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sizes and digests of the files in {@code directory}, without the manifest. */
    public static SortedMap<String, Manifest.FileEntry> listing(Path directory) {
        SortedMap<String, Manifest.FileEntry> files = new TreeMap<>();
        try (var paths = Files.list(directory)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                String name = path.getFileName().toString();
                if (!name.equals(MANIFEST)) {
                    files.put(name, entry(directory, name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    private static ClozeException unreadable(Path path, IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return ClozeException.model(
                    "open model " + path,
                    "it has no " + Path.of(missing.getFile()).getFileName() + ", which its manifest names",
                    "delete the directory and import the model again",
                    e);
        }
        return ClozeException.model(
                "open model " + path, String.valueOf(e), "make the directory readable on every node that scores", e);
    }

    private static Manifest.FileEntry entry(Path directory, String name) {
        Path file = directory.resolve(name);
        try {
            return new Manifest.FileEntry(Files.size(file), Sha256.of(file));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }
}
