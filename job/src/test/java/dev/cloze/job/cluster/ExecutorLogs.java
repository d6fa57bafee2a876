package dev.cloze.job.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What executors of {@link BinCloze#CLUSTER} write of themselves.
 *
 * @param files that were there at a moment
 */
record ExecutorLogs(Set<Path> files) {
    private static final Path WORK = Path.of("target", "spark", "work").toAbsolutePath();
    private static final int DEPTH = 3;

    static ExecutorLogs now() throws IOException {
        if (!Files.isDirectory(WORK)) {
            return new ExecutorLogs(Set.of());
        }
        try (Stream<Path> files = Files.find(WORK, DEPTH, (file, attributes) -> file.endsWith("stderr"))) {
            return new ExecutorLogs(files.collect(Collectors.toSet()));
        }
    }

    /** What executors said that were not there {@code before}. */
    static List<String> since(ExecutorLogs before) throws IOException {
        List<String> logs = new ArrayList<>();
        for (Path file : now().files) {
            if (!before.files.contains(file)) {
                logs.add(Files.readString(file));
            }
        }
        return logs;
    }
}
