package dev.cloze.bundle;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Cloze's own corner of a cache: locks, what is not finished yet, what is on its way out, and which bundles were tried and verified. All that lies
 * in it is Cloze's, which a file says that was the first one there.
 *
 * @param directory where it is
 */
record WorkDirectory(Path directory) {
    private static final String NAME = ".cloze-cache";
    private static final String MARK = "made-by-cloze.txt";
    private static final String LOCK = ".lock";
    private static final String UNFINISHED = ".unfinished";
    private static final String DISCARDED = ".discarded";
    private static final String TRIED = "tried-by-";
    private static final String HUB_REVISIONS = "hub-revisions";
    private static final String VERIFIED = "verified-by-";

    /** The one of the cache {@code root}, made when it is missing; fails when something else has its name. */
    static WorkDirectory of(Path root) throws IOException {
        WorkDirectory work = at(root);
        // Asked again, because another process may have made it meanwhile.
        if (!work.isMarked() && !work.isEmpty() && !work.isMarked()) {
            throw work.foreign();
        }
        work.mark();
        return work;
    }

    /** The same for a cache that nobody but Cloze writes to: it may have lost its mark, such as to a cleaner of temporary files. */
    static WorkDirectory ofOwn(Path root) throws IOException {
        WorkDirectory work = at(root);
        work.mark();
        return work;
    }

    private static WorkDirectory at(Path root) throws IOException {
        WorkDirectory work = new WorkDirectory(root.resolve(NAME));
        try {
            Files.createDirectory(work.directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(work.directory, LinkOption.NOFOLLOW_LINKS)) {
                throw work.foreign();
            }
        }
        return work;
    }

    private ClozeException foreign() {
        return ClozeException.resources(
                "write the model cache " + directory.getParent(),
                directory + " is there and was not made by Cloze",
                "move it away, or choose another place with --cache or CLOZE_CACHE",
                null);
    }

    private boolean isMarked() {
        return Files.isRegularFile(directory.resolve(MARK), LinkOption.NOFOLLOW_LINKS);
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Also renews the time of the mark, so that cleaners of old files leave it alone as long as the cache is in use. */
    private void mark() throws IOException {
        Path mark = directory.resolve(MARK);
        try {
            Files.writeString(
                    mark,
                    "Cloze keeps locks, unfinished imports, which models were tried and verified, and which commits of hubs are in use here."
                            + " Cloze removes what lies in this directory.\n",
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            if (!isMarked()) {
                throw e;
            }
            renew(mark);
        }
    }

    private static void renew(Path mark) {
        try {
            Files.setLastModifiedTime(mark, FileTime.from(Instant.now()));
        } catch (IOException e) {
            // It belongs to another user of a shared cache, and is as old as that one's last import.
            return;
        }
    }

    /** Where the cache {@code root} keeps which bundles this user has tried; neither has to be there yet. */
    static Path triedBundles(Path root) {
        return root.resolve(NAME).resolve(TRIED + user());
    }

    /** Where the cache {@code root} keeps which commits the revisions of hubs are; neither has to be there yet. */
    static Path hubRevisions(Path root) {
        return root.resolve(NAME).resolve(HUB_REVISIONS);
    }

    /** Where the cache {@code root} keeps which bundles this user has verified; neither has to be there yet. */
    static Path verifiedBundles(Path root) {
        return root.resolve(NAME).resolve(VERIFIED + user());
    }

    /** A user's name may be anything, such as DOMAIN\me, or ? when the system knows none. */
    private static String user() {
        return System.getProperty("user.name").replaceAll("[^A-Za-z0-9_-]", "_");
    }

    /** Where the bundle {@code name} is made. */
    Path unfinished(String name) {
        return directory.resolve(name + UNFINISHED);
    }

    /** Where the bundle {@code name} goes before its files are deleted. */
    Path discarded(String name) {
        return directory.resolve(name + DISCARDED);
    }

    /** A channel of the file whose lock is the right to write the bundle {@code name}. */
    FileChannel lockFile(String name) throws IOException {
        return FileChannel.open(
                directory.resolve(name + LOCK),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes what killed processes left of the bundle {@code name}, whose lock the caller has. */
    void clean(String name) throws IOException {
        Directories.delete(unfinished(name));
        Directories.delete(discarded(name));
    }

    /** Removes what killed processes left of any bundle that nobody writes now. */
    void cleanAll() throws IOException {
        for (String name : leftOvers()) {
            try (FileChannel channel = lockFile(name);
                    FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    clean(name);
                }
            } catch (OverlappingFileLockException e) {
                // This process writes it: nothing was left over.
                continue;
            }
        }
    }

    private List<String> leftOvers() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .flatMap(entry -> nameOf(entry).stream())
                    .distinct()
                    .toList();
        }
    }

    private static Optional<String> nameOf(String entry) {
        return Stream.of(UNFINISHED, DISCARDED)
                .filter(entry::endsWith)
                .map(ending -> entry.substring(0, entry.length() - ending.length()))
                .filter(BundleStore::isName)
                .findFirst();
    }
}
