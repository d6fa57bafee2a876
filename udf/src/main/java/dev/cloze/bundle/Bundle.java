package dev.cloze.bundle;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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
    /** The scoring graph; its weights are byte ranges of {@link #MODEL}. */
    public static final String SCORING = "scoring.onnx";

    /** From ids to hidden states; its weights, too, are byte ranges of {@link #MODEL}. Not every model has one. */
    public static final String FEATURES = "features.onnx";

    public static final String TOKENIZER = "tokenizer.json";
    public static final String CONFIG = "config.json";

    private static final Set<FileStates> VERIFIED = ConcurrentHashMap.newKeySet();

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
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = ManifestFile.bytes(in, directory.toString());
            return new Bundle(directory, ManifestFile.parse(bytes, directory.toString()), Sha256.of(bytes));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /** Whether {@code directory} has a manifest; nothing is said about its content. */
    public static boolean isAt(Path directory) {
        return Files.isRegularFile(directory.resolve(MANIFEST));
    }

    /** Reads every file and compares it with the manifest; in one JVM only once, as long as no file changes. */
    public void verify() {
        verify(FileStates.NONE);
    }

    /** The same, unless {@code earlier} knows that the files are as they were when a process of this user compared them. */
    void verify(FileStates.Memory earlier) {
        // Taken before the files are read: one that changes meanwhile is read again the next time.
        FileStates state = states();
        if (VERIFIED.contains(state)) {
            return;
        }
        boolean isLasting = state.isLasting();
        if (!isLasting || !earlier.has(state)) {
            manifest.files()
                    .forEach((name, expected) ->
                            expected.requireEqual(entry(directory, name), directory.toString(), name));
            if (isLasting) {
                earlier.keep(state);
            }
        }
        VERIFIED.add(state);
    }

    /** Whether all files are there as the manifest says. */
    public boolean isIntact() {
        try {
            verify();
            return true;
        } catch (ClozeException e) {
            return false;
        }
    }

    /** What is wrong with the files as far as their sizes tell, which takes no time; empty when nothing is. */
    public Optional<String> problemOfSizes() {
        for (Map.Entry<String, Manifest.FileEntry> file : manifest.files().entrySet()) {
            Path path = directory.resolve(file.getKey());
            try {
                if (!Files.isRegularFile(path)) {
                    return Optional.of(file.getKey() + " is missing");
                }
                if (Files.size(path) != file.getValue().bytes()) {
                    return Optional.of(file.getKey() + " has " + Files.size(path) + " bytes, not "
                            + file.getValue().bytes());
                }
            } catch (IOException e) {
                return Optional.of(file.getKey() + " cannot be read");
            }
        }
        return Optional.empty();
    }

    private FileStates states() {
        try {
            return FileStates.of(directory, digest, manifest.files().keySet());
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /** Writes {@code cloze.json} for the files that lie in {@code directory}: the last step of an import. */
    public static Bundle seal(Path directory, Manifest manifest) {
        try {
            byte[] bytes = ManifestFile.write(manifest);
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
            // A device or a pipe has no end.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw ClozeException.model(
                        "open model " + directory,
                        name + " is not a file",
                        "delete the directory and import the model again");
            }
            return new Manifest.FileEntry(Files.size(file), Sha256.of(file));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }
}
