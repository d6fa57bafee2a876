package dev.cloze.job.input;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.FileSystems;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.apache.spark.paths.SparkPath;

/**
 * A file of the corpus that Spark could not read, for whatever reason: damaged, cut off, gone, or behind a file system that failed.
 *
 * @param failure what Spark says
 */
public record ReadFailure(Throwable failure) {
    private static final String CONDITION = "FAILED_READ_FILE";

    /** What under {@code failure} is one, if anything. */
    public static Optional<ReadFailure> in(Throwable failure) {
        return Causes.first(failure, SparkThrowable.class, e -> String.valueOf(e.getCondition())
                        .startsWith(CONDITION))
                .map(found -> new ReadFailure((Throwable) found));
    }

    /** The path of the file. */
    public String file() {
        return Optional.ofNullable(
                        ((SparkThrowable) failure).getMessageParameters().get("path"))
                .map(path -> SparkPath.fromUrlString(path).toPath().toString())
                .orElse("a file");
    }

    /** Why, on one line. */
    public String reason() {
        return Causes.root(failure);
    }

    /** The same for a user, when it ends a run. */
    public ClozeException explained() {
        return ClozeException.corpus(
                "read " + file(), reason(), "repair or remove the file, and run the same command again", failure);
    }

    /** {@code input}, a file or a directory, cannot be read at all. */
    static ClozeException unreadable(String input, Exception e) {
        Optional<ClozeException> missing = FileSystems.missing("read corpus", input, e);
        if (missing.isPresent()) {
            return missing.get();
        }
        return ClozeException.corpus(
                "read corpus " + (input.isEmpty() ? "\"\"" : input),
                String.valueOf(e.getMessage()),
                "check the path, its permissions, and that Spark knows its file system",
                e);
    }

    /** There is nothing at {@code input}. */
    static ClozeException missing(String input) {
        return ClozeException.user("read corpus " + input, "there is no such file or directory", "check the path");
    }
}
