package dev.cloze.bundle;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The cache of imported models: one directory a name. A bundle appears whole or not at all, and two processes that import
 * the same model do the work once.
 *
 * @param root {@code ~/.cache/cloze} unless told otherwise
 */
public record BundleStore(Path root) {
    private static final String UNFINISHED = ".importing-";

    /** The bundle of that name, when it is there. */
    public Optional<Bundle> find(String name) {
        Path directory = root.resolve(name);
        return Files.isRegularFile(directory.resolve(Bundle.MANIFEST))
                ? Optional.of(Bundle.open(directory))
                : Optional.empty();
    }

    /** The bundle of that name, when it is there in the format that this version reads. */
    public Optional<Bundle> findCurrent(String name) {
        return Bundle.isCurrent(root.resolve(name)) ? find(name) : Optional.empty();
    }

    /** Names of all bundles that are there. */
    public List<String> names() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(root)) {
            return directories
                    .filter(directory -> Files.isRegularFile(directory.resolve(Bundle.MANIFEST)))
                    .map(directory -> directory.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The bundle of that name; {@code write} makes it when it is not there. {@code write} gets an empty directory and leaves
     * a sealed bundle in it, which is renamed to its name in one step. What a killed import left behind is removed, and so is
     * a bundle of another format.
     */
    public Bundle findOrImport(String name, Consumer<Path> write) {
        return findOrImport(name, bundle -> true, write);
    }

    /** The same; a bundle that is there and not {@code good} is made anew. */
    public Bundle findOrImport(String name, Predicate<Bundle> good, Consumer<Path> write) {
        try {
            Files.createDirectories(root);
            // The lock holds off other processes; within this one the monitor does.
            synchronized (BundleStore.class) {
                return findOrImportLocked(name, good, write);
            }
        } catch (IOException e) {
            throw ClozeException.resources(
                    "write the model cache " + root,
                    String.valueOf(e),
                    "make it writable, or choose another place with --cache or CLOZE_CACHE",
                    e);
        }
    }

    private Bundle findOrImportLocked(String name, Predicate<Bundle> good, Consumer<Path> write) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        root.resolve("." + name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            Path unfinished = root.resolve(UNFINISHED + name);
            Directories.delete(unfinished);
            Optional<Bundle> found = findCurrent(name).filter(good);
            if (found.isPresent()) {
                return found.get();
            }
            Files.createDirectories(unfinished);
            try {
                write.accept(unfinished);
                Path directory = root.resolve(name);
                Directories.delete(directory);
                Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
                return Bundle.open(directory);
            } finally {
                Directories.delete(unfinished);
            }
        }
    }
}
