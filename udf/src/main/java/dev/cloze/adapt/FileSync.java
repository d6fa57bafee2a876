package dev.cloze.adapt;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Puts files onto the disk, so that a machine that loses power still has them. */
final class FileSync {
    private FileSync() {}

    /** Forces a file, or the names in a directory. */
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Forces a directory with all that is in it. */
    static void forceAll(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> all = paths.toList();
            for (Path path : all) {
                force(path);
            }
        }
    }
}
