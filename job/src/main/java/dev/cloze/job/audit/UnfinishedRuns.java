package dev.cloze.job.audit;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.TableReader;
import dev.cloze.job.output.RunDirectory;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs of {@code cloze perplexity} that have not come to their ends: what they have written is a part of a night. */
record UnfinishedRuns(SparkSession spark) {
    /** Fails when one of {@code inputs} is the directory of such a run, which may have no file yet. */
    void refuse(List<String> inputs) {
        refuse(inputs.stream()
                .filter(input -> TableReader.isThere(input, spark))
                .map(Path::new));
    }

    /** Fails when {@code table} has files of such a run. */
    void refuse(Dataset<Row> table) {
        refuse(Arrays.stream(table.inputFiles())
                .map(file -> SparkPath.fromUrlString(file).toPath().getParent())
                .distinct());
    }

    private void refuse(Stream<Path> directories) {
        directories.forEach(this::refuse);
    }

    private void refuse(Path path) {
        try {
            RunDirectory directory = RunDirectory.in(path, spark);
            if (directory.isUnfinished()) {
                throw ClozeException.user(
                        "audit " + directory.name(),
                        "the run that writes it is not complete",
                        "run its command again until it ends, then this one");
            }
        } catch (IOException e) {
            throw ClozeException.resources(
                    "read the scores in " + path, Causes.firstLine(e), "check --scores and its permissions", e);
        }
    }
}
