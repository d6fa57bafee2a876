package dev.cloze.job.run;

import java.io.PrintWriter;

/**
 * Where a person looks.
 *
 * @param out results, and nothing else
 * @param err everything that is said about them
 */
public record Terminal(PrintWriter out, PrintWriter err) {

    /** Says something about the run. */
    public void say(String message) {
        err.println("cloze: " + message);
        err.flush();
    }

    public void print(String line) {
        out.println(line);
    }
}
