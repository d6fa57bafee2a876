package dev.cloze.job.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** What a run left in its output {@code directory}. */
public record Results(Path directory) {
    /** The chunks that are durable, and since when. */
    public Map<String, FileTime> chunks() throws IOException {
        Map<String, FileTime> chunks = new HashMap<>();
        for (Path file : files()) {
            chunks.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
        }
        return chunks;
    }

    /** The files of the chunks that are durable. */
    public List<Path> files() throws IOException {
        return files(directory, "chunk-");
    }

    /** Chunks that were begun and are not durable. */
    public List<Path> unfinished() throws IOException {
        return files(directory.resolve("_unfinished"), "chunk-");
    }

    public boolean isComplete() {
        return Files.exists(directory.resolve("_SUCCESS"));
    }

    /** In an order of their own. */
    public List<Row> rows() {
        return Runner.spark().read().parquet(directory.toString()).orderBy("id").collectAsList();
    }

    private static List<Path> files(Path directory, String prefix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }
}
