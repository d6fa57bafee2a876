package dev.cloze.adapt;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an adaptation keeps until it is complete, in a directory beside its output: what it is an adaptation of, the losses so far, and
 * the last checkpoint. The output appears by one rename.
 */
final class WorkingDirectory implements AutoCloseable {
    /** Of the identity: the digest of the base model. */
    static final String MODEL = "model";
    /** Of the identity: the digest of the corpus. */
    static final String CORPUS = "corpus";

    private static final String ENDING = ".adapting";
    private static final String IDENTITY = "adaptation.json";
    private static final String LOCK = "lock";
    private static final String JOURNAL = "adaptation.jsonl";
    private static final String CHECKPOINT = "checkpoint-";
    private static final String BEST = "best";
    private static final String BUNDLE = "bundle";
    private static final String UNFINISHED = ".unfinished";
    /** All that a run puts here. */
    private static final Pattern OWN =
            Pattern.compile("(adaptation\\.jsonl?|best|checkpoint-\\d{12})(\\.unfinished)?|lock|bundle");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path output;
    private final Path directory;
    private final SortedMap<String, String> identity;
    private FileChannel lock;

    private WorkingDirectory(Path output, SortedMap<String, String> identity) {
        this.output = output.toAbsolutePath().normalize();
        this.directory = this.output.resolveSibling(this.output.getFileName() + ENDING);
        this.identity = identity;
    }

    /** The directory of the adaptation to {@code output}, made or found; fails when it is that of another one. */
    static WorkingDirectory of(Path output, SortedMap<String, String> identity) throws IOException {
        WorkingDirectory work = new WorkingDirectory(output, identity);
        Path described = work.directory.resolve(IDENTITY);
        boolean begun = Files.isRegularFile(described, LinkOption.NOFOLLOW_LINKS);
        if (!begun) {
            work.requireFree();
            work.requireOwn();
        }
        work.lock();
        try {
            if (begun) {
                work.requireSame(
                        JSON.readValue(described.toFile(), new TypeReference<TreeMap<String, String>>() {}), identity);
            } else {
                work.describe(described);
            }
            return work;
        } catch (IOException | RuntimeException e) {
            work.close();
            throw e;
        }
    }

    /** Fails when the result could not be put at the output. */
    private void requireFree() {
        if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
            throw ClozeException.user(
                    "write the adapted model to " + output, "it is there already", "choose another --output");
        }
    }

    /** Another process that adapts to the same output would write the same files. */
    private void lock() throws IOException {
        lock = FileChannel.open(
                directory.resolve(LOCK),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        if (!isLocked()) {
            lock.close();
            throw ClozeException.user(
                    "adapt a model in " + directory,
                    "another process is at work there",
                    "wait for it to end, or choose another --output");
        }
    }

    private boolean isLocked() throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Whether the result is in its place, and only the removal of this directory was cut short; fails when something else is there. */
    boolean isFinished() {
        boolean finished = !Files.exists(directory.resolve(BUNDLE), LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(output.resolve(Bundle.MANIFEST))
                && isOfThis(Bundle.open(output).manifest().lineage());
        if (!finished) {
            requireFree();
        }
        return finished;
    }

    private boolean isOfThis(Manifest.Lineage lineage) {
        return lineage != null
                && lineage.digest().equals(identity.get(MODEL))
                && lineage.corpus().equals(identity.get(CORPUS));
    }

    private void requireOwn() throws IOException {
        makeDirectory();
        try (Stream<Path> there = Files.list(directory)) {
            if (there.anyMatch(file -> !isOfTheBeginning(file.getFileName().toString()))) {
                throw ClozeException.user(
                        "adapt a model in " + directory,
                        "the directory is there, and was not made by `cloze adapt`",
                        "move it away, or choose another --output");
            }
        }
    }

    /** For nobody else: whoever can write here decides what the model becomes. */
    private void makeDirectory() throws IOException {
        Files.createDirectories(directory.getParent());
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    private static boolean isOfTheBeginning(String file) {
        return file.equals(LOCK) || file.equals(IDENTITY + UNFINISHED);
    }

    private void describe(Path described) throws IOException {
        Path unfinished = directory.resolve(IDENTITY + UNFINISHED);
        Files.deleteIfExists(unfinished);
        Files.writeString(unfinished, JSON.writeValueAsString(identity) + "\n", StandardOpenOption.CREATE_NEW);
        Files.move(unfinished, described, StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireSame(Map<String, String> before, SortedMap<String, String> now) {
        List<String> differences = Stream.concat(before.keySet().stream(), now.keySet().stream())
                .distinct()
                .filter(key -> !String.valueOf(before.get(key)).equals(now.get(key)))
                .map(key -> key + " was " + before.get(key) + ", it is " + now.get(key))
                .toList();
        if (!differences.isEmpty()) {
            throw ClozeException.user(
                    "resume the adaptation in " + directory,
                    "it was begun with other settings: " + String.join("; ", differences),
                    "give the same options, or delete the directory to begin anew");
        }
    }

    /** Fails when there is no room for so many bytes, those that the directory takes already among them. */
    void requireRoom(long bytes) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace() + bytes();
        if (free < bytes) {
            throw ClozeException.resources(
                    "adapt a model in " + directory,
                    "two checkpoints and the model take " + (bytes >> 20) + " MB, and there is room for " + (free >> 20)
                            + " MB",
                    "make room there, or choose another --output",
                    null);
        }
    }

    private long bytes() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    Path journal() {
        return directory.resolve(JOURNAL);
    }

    Path best() {
        return directory.resolve(BEST);
    }

    Optional<Path> lastCheckpoint() throws IOException {
        return checkpoints().stream()
                .max(Comparator.comparing(file -> file.getFileName().toString()));
    }

    private List<Path> checkpoints() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(CHECKPOINT + "\\d{12}"))
                    .toList();
        }
    }

    /** Keeps {@code state}, and removes the checkpoints before it. */
    void keep(TrainingState state) throws IOException {
        List<Path> earlier = checkpoints();
        Path file = directory.resolve(String.format(
                java.util.Locale.ROOT, "%s%012d", CHECKPOINT, state.progress().step()));
        TensorFile.write(file, state);
        for (Path before : earlier) {
            if (!before.equals(file)) {
                Files.delete(before);
            }
        }
    }

    /** An empty directory for the result. */
    Path newBundle() throws IOException {
        Path bundle = directory.resolve(BUNDLE);
        Directories.delete(bundle);
        return Files.createDirectory(bundle);
    }

    /** Puts the result in its place, and removes what was kept for it. */
    void finish() throws IOException {
        Files.createDirectories(output.getParent());
        FileSync.forceAll(directory.resolve(BUNDLE));
        Files.move(directory.resolve(BUNDLE), output, StandardCopyOption.ATOMIC_MOVE);
        FileSync.force(output.getParent());
        discard();
    }

    /**
     * Removes what was kept, and nothing that somebody else put there; the identity last, so that a removal that is cut short can be
     * completed.
     */
    void discard() throws IOException {
        List<Path> others = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (!OWN.matcher(name).matches()) {
                    others.add(file);
                } else if (!name.equals(IDENTITY)) {
                    Directories.delete(file);
                }
            }
        }
        Files.deleteIfExists(directory.resolve(IDENTITY));
        if (others.isEmpty()) {
            Files.delete(directory);
        }
    }

    /** Removes what was kept, unless a checkpoint is among it. */
    void discardUnlessResumable() throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && checkpoints().isEmpty()) {
            discard();
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
