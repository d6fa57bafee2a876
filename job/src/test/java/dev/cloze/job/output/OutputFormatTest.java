package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.TaskWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results through Spark's own writers. */
class OutputFormatTest {
    @TempDir
    Path directory;

    private Path corpus;
    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        output = directory.resolve("out");
        corpus = new Corpora(directory).numbered("corpus.txt", 0, 30);
    }

    @Test
    void rowsAreThoseOfARunInChunks() {
        Path chunks = directory.resolve("chunks");
        assertThat(run("--output", chunks.toString(), "--output-format", "Parquet")
                        .code())
                .isZero();
        assertThat(chunks.resolve("_plan.json")).exists();

        for (String format : List.of("orc", "json")) {
            Path place = directory.resolve(format);
            Result result = run("--output", place.toString(), "--output-format", format);

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err()).contains("30 rows (30 ok) in ").contains("written to " + place);
            assertThat(place.resolve("_plan.json")).doesNotExist();
            assertThat(count(format, place, "masks[0].candidates[0].score > 0 and status = 'ok'"))
                    .isEqualTo(30);
        }
        assertThat(rows("orc", directory.resolve("orc"))).isEqualTo(rows("parquet", chunks));
    }

    @Test
    void whatIsThereIsReplacedOnlyWhenAskedTo() {
        assertThat(orc("--top-k", "1").code()).isZero();
        Set<Row> old = rows("orc", output);

        try (TaskWatch tasks = TaskWatch.watch()) {
            Result refused = orc("--top-k", "2");
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("Cannot write " + output
                            + ": it exists already; add --overwrite to replace it, or choose another");
            assertThat(tasks.ended()).isZero();
        }
        assertThat(rows("orc", output)).isEqualTo(old);

        assertThat(orc("--top-k", "2", "--overwrite").code()).isZero();
        assertThat(count("orc", output, "size(masks[0].candidates) = 2")).isEqualTo(30);
    }

    @Test
    void tooManyBadRowsLeaveTheOldTableAlone() throws IOException {
        assertThat(orc("--top-k", "1").code()).isZero();
        Set<Row> old = rows("orc", output);
        Path bad = new Corpora(directory).json("bad.jsonl", "a [MASK]", Corpora.BROKEN);
        List<String> args = List.of("--input", bad.toString(), "--output", output.toString(), "--overwrite");

        Result refused = fillMask(args, "--output-format", "orc", "--max-bad-rows", "0");

        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err()).contains("1 of 2 rows failed, --max-bad-rows allows 0; look at column error");
        assertThat(rows("orc", output)).isEqualTo(old);
        assertThat(fillMask(args, "--output-format", "orc", "--max-bad-rows", "1")
                        .code())
                .isZero();
        assertThat(rows("orc", output)).hasSize(2);
    }

    @Test
    void aFormatThatCannotHoldTheRowsIsRefusedBeforeTheyAreScored() {
        try (TaskWatch tasks = TaskWatch.watch()) {
            Result refused = run("--output", output.toString(), "--output-format", "text");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("Cannot write " + output + ": ")
                    .contains("Text")
                    .contains("masks");
            assertThat(tasks.ended()).isZero();
        }
        assertThat(output).doesNotExist();
    }

    @Test
    void formatsThatSparkDoesNotKnowAreNamed() {
        assertThat(run("--output", output.toString(), "--output-format", "orcc").err())
                .contains("Cannot write format orcc: Spark has no data source of that name; did you mean orc?");
        assertThat(run("--output", output.toString(), "--output-format", "iceberg")
                        .err())
                .contains("Cannot write format iceberg: Spark has no data source of that name; add its package with"
                        + " --packages");
        assertThat(run("--output", output.toString(), "--output-format", "nosuchformat")
                        .err())
                .contains("use parquet, orc or json, or add the format's package with --packages");
    }

    @Test
    void whatBelongsToChunksIsRefusedAtOnce() {
        Result refused = run("--output-format", "orc", "--bad-files", "skip", "--refresh");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("--output-format needs --output")
                .contains("--refresh and --bad-files skip are for runs in chunks: leave them out with --output-format"
                        + " orc");
    }

    @Test
    void aPlaceThatIsNoPathIsExplained() {
        for (String place : List.of("", "a:b c")) {
            Result refused = run("--output", place, "--output-format", "orc");

            assertThat(refused.code()).isEqualTo(6);
            assertThat(refused.err())
                    .startsWith("cloze: Cannot write " + place + ": ")
                    .hasLineCount(1);
        }
    }

    @Test
    void theOutputMustNotHoldTheCorpus() {
        Result refused = run("--output", directory.toString(), "--output-format", "orc", "--overwrite");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("it overlaps the corpus " + corpus);
        assertThat(corpus).exists();
    }

    @Test
    void figuresAreShownAndEarlierRunsAddUp() {
        Path earlier = directory.resolve("earlier");
        assertThat(Runner.perplexity("--input", corpus.toString(), "--output", earlier.toString())
                        .code())
                .isZero();

        Result result = Runner.perplexity(
                "--input",
                corpus.toString(),
                "--merge",
                earlier.toString(),
                "--output",
                output.toString(),
                "--output-format",
                "orc");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).containsPattern("documents +60");
        assertThat(rows("orc", output)).hasSize(30);
    }

    private Result orc(String... more) {
        return fillMask(
                List.of("--input", corpus.toString(), "--output", output.toString(), "--output-format", "orc"), more);
    }

    private Result run(String... more) {
        return fillMask(List.of("--input", corpus.toString(), "--top-k", "1"), more);
    }

    private static Result fillMask(List<String> args, String... more) {
        List<String> all = new ArrayList<>(args);
        all.addAll(List.of(more));
        return Runner.fillMask(all.toArray(String[]::new));
    }

    private static Set<Row> rows(String format, Path place) {
        return new HashSet<>(
                Runner.spark().read().format(format).load(place.toString()).collectAsList());
    }

    private static long count(String format, Path place, String condition) {
        return Runner.spark()
                .read()
                .format(format)
                .load(place.toString())
                .filter(condition)
                .count();
    }
}
