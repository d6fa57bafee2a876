package dev.cloze.importing;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The program of the process that a {@link ModelProcess} starts: imports or tries one model, and says on standard output what became
 * of it ({@link WorkerMessage}). It ends with the process that started it, whose end closes its standard input.
 */
public final class ModelWorker {
    static final String IMPORT = "import";
    static final String TRY = "try";
    private static final int REFUSED = 1;
    private static final String EXPORT_AGAIN = "download or export the model again";

    private ModelWorker() {}

    /**
     * Does {@code import SOURCE NAME TARGET [GRAPH]} or {@code try BUNDLE}.
     *
     * @param arguments those words
     */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        endWithParent();
        beFirstToGo();
        say(out, WorkerMessage.of(WorkerMessage.Stage.STARTED));
        Optional<ClozeException> refusal = refusal(arguments, stage -> say(out, WorkerMessage.of(stage)));
        refusal.ifPresent(e -> say(out, WorkerMessage.of(e)));
        // Not waiting for any thread of a library.
        Runtime.getRuntime().halt(refusal.isPresent() ? REFUSED : 0);
    }

    private static Optional<ClozeException> refusal(String[] arguments, StageListener stages) {
        Subject subject = new Subject((arguments[0].equals(IMPORT) ? "import model " : "open model ") + arguments[1]);
        try {
            work(arguments, stages);
            return Optional.empty();
        } catch (ClozeException e) {
            return Optional.of(e);
        } catch (OutOfMemoryError e) {
            return Optional.of(subject.refuse("it takes more memory than a model of its size should", EXPORT_AGAIN));
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            String what = e.getClass().getSimpleName() + ": " + Causes.root(e);
            return Optional.of(subject.refuse("its files contradict each other (" + what + ")", EXPORT_AGAIN));
        }
    }

    private static void work(String[] arguments, StageListener stages) {
        if (arguments[0].equals(IMPORT)) {
            Optional<String> graph = Arrays.stream(arguments).skip(4).findFirst();
            HuggingFaceExport.write(Path.of(arguments[1]), graph, arguments[2], Path.of(arguments[3]), stages);
        } else {
            BundleTrial.require(Bundle.open(Path.of(arguments[1])), stages);
        }
    }

    /** A line of its own, whatever a native library has written before. */
    private static synchronized void say(PrintStream out, WorkerMessage message) {
        out.print("\n" + message.line() + "\n");
        out.flush();
    }

    private static void endWithParent() {
        Thread watch = new Thread(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
                deleteTemporaryFiles();
            } catch (IOException e) {
                // There is nobody to tell.
            } finally {
                Runtime.getRuntime().halt(REFUSED);
            }
        });
        watch.setDaemon(true);
        watch.start();
    }

    /** Which the process that started this one would have deleted. */
    private static void deleteTemporaryFiles() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        if (temporary.getFileName().toString().startsWith(ModelProcess.TEMPORARY)) {
            Directories.delete(temporary);
        }
    }

    /** When memory of the machine runs out, Linux ends this process before any other. */
    private static void beFirstToGo() {
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
        } catch (IOException e) {
            // Another system: the limits of the process that started this one hold.
        }
    }
}
