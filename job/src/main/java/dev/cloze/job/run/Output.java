package dev.cloze.job.run;

import dev.cloze.job.corpus.BadFiles;
import java.util.Optional;

/**
 * Where results go.
 *
 * @param directory of Parquet files; results are only shown when absent
 * @param overwrite whether results that are there already are replaced
 * @param refresh whether files of the corpus that changed are scored anew
 * @param badFiles what becomes of a run when files of the corpus cannot be read
 * @param tolerance how many rows may fail
 * @param display how rows appear on the terminal
 * @param rows how many of them, at most, in a table
 */
public record Output(
        Optional<String> directory,
        boolean overwrite,
        boolean refresh,
        BadFiles badFiles,
        Tolerance tolerance,
        Display display,
        int rows) {

    /** How rows appear on the terminal. */
    public enum Display {
        TABLE,
        JSON
    }
}
