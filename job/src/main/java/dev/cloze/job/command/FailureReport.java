package dev.cloze.job.command;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.corpus.ReadFailure;
import dev.cloze.job.run.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.util.ShutdownHookManager;

/** Turns a failure into a message and an exit code. */
final class FailureReport {
    /** An internal failure: a bug, here or below. */
    static final int INTERNAL = 1;

    /** What Spark says when there is no session any more. */
    private static final String END_OF_SPARK =
            ".*(SparkContext was shut down|stopped SparkContext|Master removed our application).*";

    private static final List<Function<Throwable, Optional<ClozeException>>> EXPLANATIONS = List.of(
            FailureReport::stopped,
            FailureReport::ours,
            FailureReport::memory,
            FailureReport::noOnnxRuntime,
            FailureReport::localDisk,
            FailureReport::unreadable);

    private FailureReport() {}

    /** Says what happened; returns the exit code. */
    static int report(Throwable failure, Terminal terminal) {
        Optional<ClozeException> known = explain(failure);
        if (known.isPresent()) {
            terminal.say(known.get().getMessage());
            return known.get().kind().exitCode();
        }
        terminal.say("Cannot finish: " + Causes.root(failure) + "; this is a bug of Cloze or of a library it uses");
        failure.printStackTrace(terminal.err());
        terminal.err().flush();
        return INTERNAL;
    }

    /** The first explanation that fits. What was thrown on an executor arrives wrapped in Spark's own exceptions. */
    private static Optional<ClozeException> explain(Throwable failure) {
        return EXPLANATIONS.stream()
                .flatMap(explanation -> explanation.apply(failure).stream())
                .findFirst();
    }

    /** A signal ends the JVM under the run, or the cluster took the run away: whatever fails then fails because of it. */
    private static Optional<ClozeException> stopped(Throwable failure) {
        boolean isStopped = ShutdownHookManager.get().isShutdownInProgress()
                || Causes.first(failure, Exception.class, e -> Causes.firstLine(e)
                                .matches(END_OF_SPARK))
                        .isPresent();
        return Optional.of(ClozeException.resources(
                        "finish",
                        "the run was stopped",
                        "run the same command again: what is in --output stays",
                        failure))
                .filter(any -> isStopped);
    }

    private static Optional<ClozeException> ours(Throwable failure) {
        return Causes.first(failure, ClozeException.class, any -> true);
    }

    private static Optional<ClozeException> memory(Throwable failure) {
        return Causes.first(failure, OutOfMemoryError.class, any -> true)
                .map(memory -> ClozeException.resources(
                        "finish",
                        "there is not enough memory (" + memory.getMessage() + ")",
                        "lower --batch-tokens, or give Spark more with --driver-memory or --executor-memory",
                        failure));
    }

    private static Optional<ClozeException> noOnnxRuntime(Throwable failure) {
        return Causes.first(
                        failure, Throwable.class, e -> isMissing(e, "ai/onnxruntime") || isMissing(e, "ai.onnxruntime"))
                .map(missing -> ClozeException.resources(
                        "start ONNX Runtime",
                        "it is not on the class path",
                        "add com.microsoft.onnxruntime:onnxruntime (or onnxruntime_gpu) with --packages or --jars",
                        failure));
    }

    /** Hadoop says with an error that a local disk is full. */
    private static Optional<ClozeException> localDisk(Throwable failure) {
        return Causes.first(failure, FSError.class, any -> true)
                .map(disk -> ClozeException.resources(
                        "write to a local disk",
                        Causes.root(disk),
                        "make room at --output and in Spark's local directories, and run the same command again: chunks that"
                                + " are there stay",
                        failure));
    }

    private static Optional<ClozeException> unreadable(Throwable failure) {
        return ReadFailure.in(failure).map(ReadFailure::explained);
    }

    private static boolean isMissing(Throwable failure, String name) {
        boolean missing = failure instanceof NoClassDefFoundError || failure instanceof ClassNotFoundException;
        return missing && String.valueOf(failure.getMessage()).contains(name);
    }
}
