package dev.cloze.job;

import dev.cloze.job.command.Invocation;
import dev.cloze.job.terminal.Screen;
import dev.cloze.job.terminal.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program, the same under {@code bin/cloze} and under spark-submit. */
public final class Cloze {
    private Cloze() {}

    /** Ends the JVM only on failure, so that spark-submit can finish in its own way in cluster mode. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = Invocation.run(args, new Terminal(out, err, Screen.ofThisProcess()));
        if (code != 0) {
            System.exit(code);
        }
    }

    /**
     * Runs a command line.
     *
     * @param out results, and nothing else
     * @param err all that is said about them
     * @return 0 done; 1 internal failure; 2 usage or configuration; 3 an audit found drift; 4 corpus; 5 model; 6 resources
     */
    public static int run(String[] args, PrintWriter out, PrintWriter err) {
        return Invocation.run(args, new Terminal(out, err));
    }
}
