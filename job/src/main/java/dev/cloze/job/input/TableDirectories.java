package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Tables whose directories hold more files than the table has: rows that were removed or replaced stand in them, too. */
final class TableDirectories {
    private static final List<String> FORMATS = List.of("parquet", "orc", "avro");

    private final Configuration hadoop;
    private final Set<Path> seen = new HashSet<>();

    TableDirectories(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    /** Whether files of {@code format} may be those of such a table. */
    static boolean mayHold(String format) {
        return FORMATS.contains(format);
    }

    /** Fails when {@code path} is a table, or lies in one. */
    void refuse(Path path) {
        for (Path directory = path; directory != null && seen.add(directory); directory = directory.getParent()) {
            // Directories of partitions are many, and no tables.
            Optional<String> format = directory.getName().contains("=") ? Optional.empty() : format(directory, path);
            if (format.isPresent()) {
                throw table(path, directory, format.get());
            }
        }
    }

    private Optional<String> format(Path directory, Path path) {
        try {
            FileSystem files = path.getFileSystem(hadoop);
            if (files.exists(new Path(directory, "_delta_log"))) {
                return Optional.of("delta");
            }
            if (files.exists(new Path(directory, ".hoodie"))) {
                return Optional.of("hudi");
            }
            Path metadata = new Path(directory, "metadata");
            boolean isIceberg = files.exists(metadata)
                    && files.listStatus(metadata, file -> file.getName().endsWith(".metadata.json")).length > 0;
            return isIceberg ? Optional.of("iceberg") : Optional.empty();
        } catch (IOException e) {
            // Not every directory above a corpus may be looked at.
            return Optional.empty();
        }
    }

    private static ClozeException table(Path path, Path directory, String format) {
        String place = directory.toUri().getPath();
        return ClozeException.user(
                "read corpus " + path.toUri().getPath(),
                (path.equals(directory) ? "it is" : place + " is") + " a table of " + format
                        + ", whose files hold rows that are no longer in the table",
                "give --format " + format + " --input " + place + ", and the package of " + format
                        + " with --packages before the command, as README.md has it");
    }
}
