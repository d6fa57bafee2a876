package dev.cloze.job.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;

/**
 * Runs of {@code cloze fill-mask} over 120 texts in three files, in about thirty chunks.
 *
 * @param corpus directory of the files
 * @param output directory of results
 */
public record ThirtyChunks(Path corpus, Path output) {
    /** Texts of the corpus. */
    public static final int ROWS = 120;

    private static final int FILES = 3;

    /** Writes the corpus below {@code directory}, where the results will be, too. */
    public static ThirtyChunks in(Path directory) throws IOException {
        Path corpus = directory.resolve("corpus");
        int each = ROWS / FILES;
        for (int file = 0; file < FILES; file++) {
            new Corpora(corpus).numbered("part" + file + ".txt", file * each, (file + 1) * each);
        }
        return new ThirtyChunks(corpus, directory.resolve("out"));
    }

    /** Runs the command, or resumes it; {@code more} are further options. */
    public Result run(String... more) {
        List<String> args = new ArrayList<>(
                List.of("--input", corpus.toString(), "--partitions", "30", "--output", output.toString()));
        if (!List.of(more).contains("--top-k")) {
            args.addAll(List.of("--top-k", "3"));
        }
        args.addAll(List.of(more));
        return Runner.fillMask(args.toArray(String[]::new));
    }

    /** The results, of which none is there twice. */
    public Set<Row> rows() {
        List<Row> rows = Runner.spark().read().parquet(output.toString()).collectAsList();
        assertThat(rows).doesNotHaveDuplicates();
        return new HashSet<>(rows);
    }

    /** The chunks that are there, and since when. */
    public Map<String, FileTime> chunks() throws IOException {
        return new Results(output).chunks();
    }
}
