package dev.cloze.job.command;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.Secrets;
import dev.cloze.job.input.ReadFailure;
import dev.cloze.job.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkThrowable;

/** Turns a failure into a message and an exit code. */
final class FailureReport {
    /** An internal failure: a bug, here or below. */
    static final int INTERNAL = 1;

    private static final String AGAIN = "run the same command again: chunks that are there stay";
    /** What Spark says when there is no session any more. */
    private static final String STOPPED =
            "(?s).*(SparkContext was shut down|stopped SparkContext|Master removed our application).*";

    private FailureReport() {}

    /** Says what happened; returns the exit code. */
    static int report(Throwable failure, Terminal terminal) {
        Optional<ClozeException> known = explain(failure);
        if (known.isPresent()) {
            terminal.say(Secrets.hiddenIn(known.get().getMessage()));
            return known.get().kind().exitCode();
        }
        terminal.say("Cannot finish: " + Secrets.hiddenIn(Causes.root(failure))
                + "; this is a bug of Cloze or of a library it uses");
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        trace.toString()
                .lines()
                .map(line -> line.startsWith("\tat ") ? line : Secrets.hiddenIn(line))
                .forEach(terminal.err()::println);
        terminal.err().flush();
        return INTERNAL;
    }

    /** What was thrown on an executor arrives wrapped in Spark's own exceptions. */
    private static Optional<ClozeException> explain(Throwable failure) {
        return stopped(failure)
                .or(() -> Causes.first(failure, ClozeException.class, any -> true))
                .or(() -> memory(failure))
                .or(() -> runtime(failure))
                .or(() -> disk(failure))
                .or(() -> ReadFailure.in(failure).map(ReadFailure::explained))
                .or(() -> unwritten(failure));
    }

    /** By a signal, or by the cluster: whatever fails then fails because of it. */
    private static Optional<ClozeException> stopped(Throwable failure) {
        boolean isStopped = ShutdownHookManager.get().isShutdownInProgress()
                || Causes.first(failure, Throwable.class, e -> String.valueOf(e.getMessage())
                                .matches(STOPPED))
                        .isPresent();
        return isStopped
                ? Optional.of(ClozeException.resources("finish", "the run was stopped", AGAIN, failure))
                : Optional.empty();
    }

    private static Optional<ClozeException> memory(Throwable failure) {
        return Causes.first(failure, OutOfMemoryError.class, any -> true)
                .map(memory -> ClozeException.resources(
                        "finish",
                        "there is not enough memory (" + memory.getMessage() + ")",
                        "lower --batch-tokens (--batch-size of adapt), or give Spark more with --driver-memory or --executor-memory",
                        failure));
    }

    private static Optional<ClozeException> runtime(Throwable failure) {
        return Causes.first(
                        failure, Throwable.class, e -> isMissing(e, "ai/onnxruntime") || isMissing(e, "ai.onnxruntime"))
                .map(missing -> ClozeException.resources(
                        "start ONNX Runtime",
                        "it is not on the class path",
                        "add com.microsoft.onnxruntime:onnxruntime (or onnxruntime_gpu) with --packages or --jars",
                        failure));
    }

    /** Hadoop says with an error of its own that a local disk is full. */
    private static Optional<ClozeException> disk(Throwable failure) {
        return Causes.first(
                        failure, Throwable.class, e -> e instanceof FSError || e instanceof IOException && isFull(e))
                .map(disk -> ClozeException.resources(
                        "write to a disk",
                        Causes.root(disk),
                        "make room at --output and in Spark's local directories, and " + AGAIN,
                        failure));
    }

    /** What adds chunks up is written by Spark's own writers. */
    private static Optional<ClozeException> unwritten(Throwable failure) {
        return Causes.first(failure, SparkThrowable.class, e -> "TASK_WRITE_FAILED".equals(e.getCondition()))
                .map(unwritten -> ClozeException.resources(
                        "write results",
                        Causes.root(failure),
                        "check --output, its permissions and room, and " + AGAIN,
                        failure));
    }

    private static boolean isFull(Throwable failure) {
        return String.valueOf(failure.getMessage()).matches("(?s).*(No space left on device|[Qq]uota).*");
    }

    private static boolean isMissing(Throwable failure, String name) {
        boolean missing = failure instanceof NoClassDefFoundError || failure instanceof ClassNotFoundException;
        return missing && String.valueOf(failure.getMessage()).contains(name);
    }
}
