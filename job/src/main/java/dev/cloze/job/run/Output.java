package dev.cloze.job.run;

import dev.cloze.job.input.BadFiles;
import dev.cloze.job.terminal.Display;
import java.util.Optional;
import org.apache.spark.sql.SaveMode;

/**
 * Where results go.
 *
 * @param directory of results; they are only shown when absent
 * @param format another than Parquet in chunks: a data source of Spark, which writes all rows at once
 * @param overwrite whether results that are there already are replaced
 * @param refresh whether files of the corpus that changed are scored anew
 * @param badFiles what becomes of a run when files of the corpus cannot be read
 * @param tolerance how many rows may fail
 * @param display how rows appear on the terminal
 * @param rows how many of them, at most, in a table
 */
public record Output(
        Optional<String> directory,
        Optional<String> format,
        boolean overwrite,
        boolean refresh,
        BadFiles badFiles,
        Tolerance tolerance,
        Display display,
        int rows) {

    /** What becomes of results that are there already. */
    SaveMode mode() {
        return overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists;
    }
}
