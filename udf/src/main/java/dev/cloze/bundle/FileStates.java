package dev.cloze.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What changes when a file of a bundle does: its size, its times, and which file it is. The time of the last change of the inode is kept
 * by the system, and nobody can set it back.
 *
 * @param lines the directory, the bundle's digest, and a line for each file
 * @param changed the last change of any inode; the end of time where the system keeps none
 */
record FileStates(List<String> lines, Instant changed) {

    private static final Duration TICK = Duration.ofSeconds(2);

    /** Knows of no bundle. */
    static final Memory NONE = new Memory() {
        @Override
        public boolean has(FileStates state) {
            return false;
        }

        @Override
        public void keep(FileStates state) {}
    };

    /** Which states of files were found to be those of their bundles. */
    interface Memory {
        boolean has(FileStates state);

        void keep(FileStates state);
    }

    /** Whether another change would be another state: a file that changed just now may change again within the same tick of the clock. */
    boolean isLasting() {
        return changed.isBefore(Instant.now().minus(TICK));
    }

    static FileStates of(Path directory, String digest, Collection<String> names) throws IOException {
        List<String> lines =
                new ArrayList<>(List.of(directory.toAbsolutePath().normalize().toString(), digest));
        Instant last = Instant.MIN;
        for (String name : names) {
            Path file = directory.resolve(name);
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Instant changed = changed(file);
            last = changed.isAfter(last) ? changed : last;
            lines.add(String.join(
                    " ",
                    name,
                    Long.toString(attributes.size()),
                    attributes.lastModifiedTime().toString(),
                    String.valueOf(attributes.fileKey()),
                    changed.toString()));
        }
        return new FileStates(lines, last);
    }

    private static Instant changed(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant()
                : Instant.MAX;
    }
}
