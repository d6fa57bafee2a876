package dev.cloze.job.corpus;

import dev.cloze.failure.ClozeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Tells the format of files by their names. */
final class FileFormat {
    private static final Map<String, String> BY_ENDING = Map.ofEntries(
            Map.entry("txt", "text"),
            Map.entry("text", "text"),
            Map.entry("json", "json"),
            Map.entry("jsonl", "json"),
            Map.entry("ndjson", "json"),
            Map.entry("csv", "csv"),
            Map.entry("tsv", "tsv"),
            Map.entry("parquet", "parquet"),
            Map.entry("orc", "orc"));
    private static final List<String> COMPRESSED = List.of("gz", "bz2", "zst", "lz4", "snappy", "deflate");

    private FileFormat() {}

    /** The format of the first file that {@code input} (a file, directory or glob) stands for. */
    static String of(String input, Configuration hadoop) {
        Path path = new Path(input);
        try {
            FileSystem files = path.getFileSystem(hadoop);
            FileStatus[] found = files.globStatus(path);
            if (found == null || found.length == 0) {
                throw CorpusReader.missing(input);
            }
            String name = firstFile(files, found).getName();
            return byName(name, input);
        } catch (FileNotFoundException e) {
            throw CorpusReader.missing(input);
        } catch (IOException e) {
            throw ClozeException.corpus(
                    "read corpus " + input, String.valueOf(e.getMessage()), "check --input and its permissions", e);
        }
    }

    private static Path firstFile(FileSystem files, FileStatus[] found) throws IOException {
        for (FileStatus status : found) {
            if (status.isFile()) {
                return status.getPath();
            }
            FileStatus[] inside = files.listStatus(status.getPath(), path -> !isHidden(path.getName()));
            Arrays.sort(inside);
            if (inside.length > 0) {
                return firstFile(files, inside);
            }
        }
        return found[0].getPath();
    }

    private static boolean isHidden(String name) {
        return name.startsWith("_") || name.startsWith(".");
    }

    private static String byName(String name, String input) {
        String[] parts = name.toLowerCase(Locale.ROOT).split("\\.");
        int last = parts.length - 1;
        if (last > 0 && COMPRESSED.contains(parts[last])) {
            last--;
        }
        String format = last > 0 ? BY_ENDING.get(parts[last]) : null;
        if (format == null) {
            throw ClozeException.user(
                    "read corpus " + input,
                    "the name " + name + " does not tell its format",
                    "say --format text, json, csv, parquet, orc or another that Spark reads");
        }
        return format;
    }
}
