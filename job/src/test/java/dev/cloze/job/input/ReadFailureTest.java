package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkException;
import org.apache.spark.sql.errors.QueryExecutionErrors;
import org.junit.jupiter.api.Test;

/** What Spark throws for a file that it cannot read, and what is said of such files. */
class ReadFailureTest {
    private static final Throwable OF_SPARK =
            QueryExecutionErrors.cannotReadFilesError(new IOException("it is cut off"), "file:///c/a%20b.parquet");

    @Test
    void theFileAndTheReasonAreFoundUnderOtherFailures() {
        ReadFailure failure = ReadFailure.in(new SparkException("Job aborted", new RuntimeException(OF_SPARK)))
                .orElseThrow();

        assertThat(failure.file()).isEqualTo("file:/c/a b.parquet");
        assertThat(failure.reason()).contains("it is cut off").hasLineCount(1);
    }

    @Test
    void aUserIsToldToRepairTheFile() {
        ClozeException explained = ReadFailure.in(OF_SPARK).orElseThrow().explained();

        assertThat(explained.kind()).isEqualTo(ClozeException.Kind.CORPUS);
        assertThat(explained)
                .hasMessageStartingWith("Cannot read file:/c/a b.parquet: ")
                .hasMessageEndingWith("; repair or remove the file, and run the same command again");
    }

    @Test
    void anyOtherFailureIsNone() {
        assertThat(ReadFailure.in(new IOException("no space left on device"))).isEmpty();
        assertThat(ReadFailure.in(new SparkException("Job aborted", new IllegalStateException("a bug"))))
                .isEmpty();
    }

    @Test
    void ofManyFilesAFewAreNamed() {
        assertThat(UnreadableFiles.firstFew(List.of())).isEmpty();
        assertThat(UnreadableFiles.firstFew(List.of("a", "b", "c"))).isEqualTo("a, b, c");
        assertThat(UnreadableFiles.firstFew(List.of("a", "b", "c", "d", "e"))).isEqualTo("a, b, c and 2 more");
    }

    @Test
    void skippedFilesAreCountedAndNamedInOrder() {
        UnreadableFiles files = new UnreadableFiles(new TreeMap<>(Map.of("/c/b", "cut off", "/c/a", "empty")));

        assertThat(files.skipped()).isEqualTo("skipped 2 files that cannot be read, see _manifest.json: /c/a, /c/b");
        assertThat(files.failure("mend them")).hasMessage("Cannot read /c/a, /c/b: empty; mend them");
        assertThat(new UnreadableFiles(new TreeMap<>(Map.of("/c/b", "cut off"))).skipped())
                .isEqualTo("skipped 1 file that cannot be read, see _manifest.json: /c/b");
    }
}
