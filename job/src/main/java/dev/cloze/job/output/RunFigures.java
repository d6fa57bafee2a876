package dev.cloze.job.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What all chunks of a run add up to, kept beside them.
 *
 * @param directory of the run
 */
public record RunFigures(RunDirectory directory) {
    /** Adds {@code _states}: the mergeable states of groups of rows. */
    public void writeStates(Dataset<Row> states) {
        write(ResultNames.STATES, states);
    }

    /** Makes {@code _failed} hold {@code rows}, or not be there when there are none. */
    public void writeFailed(Optional<Dataset<Row>> rows) {
        try {
            OwnDirectory.of(directory.files(), directory.path()).remove(ResultNames.FAILED);
        } catch (IOException e) {
            throw unwritable(ResultNames.FAILED, e);
        }
        rows.ifPresent(failed -> write(ResultNames.FAILED, failed));
    }

    private void write(String name, Dataset<Row> rows) {
        try {
            new SideRows(directory.files(), place(name)).write(rows.coalesce(1));
        } catch (IOException e) {
            throw unwritable(name, e);
        }
    }

    /** Writes {@code _summary.json}, whose fields are the components of {@code summary}: what all rows add up to. */
    public void writeSummary(Record summary) {
        try (OutputStream out = directory.files().create(place(ResultNames.SUMMARY))) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(out, summary);
        } catch (IOException e) {
            throw unwritable(ResultNames.SUMMARY, e);
        }
    }

    private Path place(String name) {
        return new Path(directory.path(), name);
    }

    private ClozeException unwritable(String name, IOException e) {
        return OutputPlace.unwritable(place(name).toString(), e);
    }

    /** The states that an earlier run kept in {@code output}. */
    public static List<Row> states(SparkSession spark, String output) {
        try {
            RunDirectory earlier = RunDirectory.in(new Path(output), spark);
            Path[] states = new SideRows(earlier.files(), new Path(earlier.path(), ResultNames.STATES)).parts();
            if (states.length > 0 && !earlier.isComplete()) {
                throw ClozeException.user(
                        "merge " + output,
                        "that run is not complete, or was not when its states were written",
                        "finish it first: the same command resumes it");
            }
            if (states.length == 0) {
                throw ClozeException.user(
                        "merge " + output,
                        "there are no states in it",
                        "name the --output of an earlier run of `cloze perplexity`");
            }
            return new StatesReading(spark, output)
                    .rows(Arrays.stream(states).map(Path::toString).toArray(String[]::new));
        } catch (IOException e) {
            throw ClozeException.resources(
                    "read " + new Path(output, ResultNames.STATES),
                    Causes.firstLine(e),
                    "check --merge and its permissions",
                    e);
        }
    }
}
