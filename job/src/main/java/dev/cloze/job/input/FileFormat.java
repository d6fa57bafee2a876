package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Tells the format of files by their names. */
final class FileFormat {
    private static final Map<String, String> BY_ENDING = Map.of(
            "txt", "text", "text", "text", "json", "json", "jsonl", "json", "ndjson", "json", "csv", "csv", "tsv",
            "tsv", "parquet", "parquet", "orc", "orc");
    private static final List<String> COMPRESSED = List.of("gz", "bz2", "zst", "lz4", "snappy", "deflate");

    private FileFormat() {}

    /**
     * The one format of all files at {@code roots}.
     *
     * @param all what a user named
     */
    static String of(List<Path> roots, String all, Configuration hadoop) {
        TreeSet<String> formats = new TreeSet<>();
        List<Path> unknown = new ArrayList<>();
        for (Path root : roots) {
            for (Path file : files(root, hadoop)) {
                byName(file.getName()).ifPresentOrElse(formats::add, () -> unknown.add(file));
            }
        }
        if (formats.isEmpty()) {
            throw ClozeException.user(
                    "read corpus " + all,
                    unknown.isEmpty()
                            ? "there is no file in it"
                            : "the name " + unknown.get(0).getName() + " does not tell its format",
                    "check the path, or say --format text, json, csv, parquet, orc or another that Spark reads");
        }
        if (formats.size() > 1) {
            throw ClozeException.user(
                    "read corpus " + all,
                    "its files are of different formats: " + String.join(", ", formats),
                    "read one format at a time, or say which with --format");
        }
        if (!unknown.isEmpty()) {
            throw ClozeException.user(
                    "read corpus " + all,
                    "its files are " + formats.first() + ", but the name "
                            + unknown.get(0).getName() + " does not tell its format",
                    "name the files, for instance with a glob, or say --format " + formats.first()
                            + " to read all of them");
        }
        return formats.first();
    }

    /** Visible files; of a directory those in it, or else those of the first directory in it that has any. */
    private static List<Path> files(Path root, Configuration hadoop) {
        try {
            FileSystem system = root.getFileSystem(hadoop);
            return system.getFileStatus(root).isFile() ? List.of(root) : inside(system, root);
        } catch (IOException e) {
            throw ReadFailure.unreadable(root.toString(), e);
        }
    }

    private static List<Path> inside(FileSystem system, Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        FileStatus[] content = system.listStatus(directory, path -> !isHidden(path.getName()));
        for (FileStatus status : content) {
            if (status.isFile()) {
                files.add(status.getPath());
            }
        }
        for (FileStatus status : content) {
            if (files.isEmpty() && status.isDirectory()) {
                files.addAll(inside(system, status.getPath()));
            }
        }
        return files;
    }

    static boolean isHidden(String name) {
        return name.startsWith("_") || name.startsWith(".") || name.endsWith("._COPYING_");
    }

    private static Optional<String> byName(String name) {
        String[] parts = name.toLowerCase(Locale.ROOT).split("\\.");
        int last = parts.length - 1;
        if (last > 0 && COMPRESSED.contains(parts[last])) {
            last--;
        }
        return last > 0 ? Optional.ofNullable(BY_ENDING.get(parts[last])) : Optional.empty();
    }
}
