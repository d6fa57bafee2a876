package dev.cloze.job.command;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.corpus.ReadFailure;
import dev.cloze.job.run.Terminal;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;

/** Turns a failure into a message and an exit code. */
final class FailureReport {
    /** An internal failure: a bug, here or below. */
    static final int INTERNAL = 1;

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

    /** What was thrown on an executor arrives wrapped in Spark's own exceptions. */
    private static Optional<ClozeException> explain(Throwable failure) {
        Optional<ClozeException> ours = Causes.first(failure, ClozeException.class, any -> true);
        if (ours.isPresent()) {
            return ours;
        }
        Optional<OutOfMemoryError> memory = Causes.first(failure, OutOfMemoryError.class, any -> true);
        if (memory.isPresent()) {
            return Optional.of(ClozeException.resources(
                    "finish",
                    "there is not enough memory (" + memory.get().getMessage() + ")",
                    "lower --batch-tokens, or give Spark more with --driver-memory or --executor-memory",
                    failure));
        }
        Optional<Throwable> runtime = Causes.first(
                failure, Throwable.class, e -> isMissing(e, "ai/onnxruntime") || isMissing(e, "ai.onnxruntime"));
        if (runtime.isPresent()) {
            return Optional.of(ClozeException.resources(
                    "start ONNX Runtime",
                    "it is not on the class path",
                    "add com.microsoft.onnxruntime:onnxruntime (or onnxruntime_gpu) with --packages or --jars",
                    failure));
        }
        // Hadoop says with an error that a local disk is full.
        Optional<FSError> disk = Causes.first(failure, FSError.class, any -> true);
        if (disk.isPresent()) {
            return Optional.of(ClozeException.resources(
                    "write to a local disk",
                    Causes.root(disk.get()),
                    "make room at --output and in Spark's local directories, and run the same command again: chunks that"
                            + " are there stay",
                    failure));
        }
        return ReadFailure.in(failure).map(ReadFailure::explained);
    }

    private static boolean isMissing(Throwable failure, String name) {
        boolean missing = failure instanceof NoClassDefFoundError || failure instanceof ClassNotFoundException;
        return missing && String.valueOf(failure.getMessage()).contains(name);
    }
}
