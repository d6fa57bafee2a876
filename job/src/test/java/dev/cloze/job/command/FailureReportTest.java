package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** What others throw is said in words with a repair, not as a bug. */
class FailureReportTest {
    private final StringWriter said = new StringWriter();

    @Test
    void aRunThatWasInterruptedGoesOnLater() {
        Throwable stopped = new SparkException("Job 2 cancelled because SparkContext was shut down");

        assertThat(report(stopped)).isEqualTo(6);
        assertThat(said.toString().strip())
                .isEqualTo(
                        "cloze: Cannot finish: the run was stopped; run the same command again: chunks that are there stay");
    }

    @Test
    void aDiskThatIsFullIsNoBug() {
        Throwable full =
                new SparkException("Job aborted due to stage failure", new IOException("No space left on device"));

        assertThat(report(full)).isEqualTo(6);
        assertThat(said.toString())
                .startsWith("cloze: Cannot write to a disk: No space left on device; make room at --output")
                .doesNotContain("\tat ");
    }

    @Test
    void whatNobodyExpectedIsABug() {
        assertThat(report(new IllegalStateException("never"))).isEqualTo(1);
        assertThat(said.toString())
                .contains("Cannot finish: never; this is a bug of Cloze")
                .contains("\tat ");
    }

    private int report(Throwable failure) {
        return FailureReport.report(
                failure, new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(said, true)));
    }
}
