package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that are only shown are scored without Spark, and all that can be seen is as Spark would make it: {@code --output} asks for that. */
class TextsRunTest {
    private static final String ONE = "--text=a [MASK] \"b\"\u00e9";
    private static final String TWO = "--text=the king of france";

    @TempDir
    Path directory;

    static Stream<List<String>> commands() {
        return Stream.of(
                List.of("fill-mask", ONE, TWO, "--top-k", "3"),
                List.of("fill-mask", ONE, "--targets", "the,king"),
                List.of("perplexity", ONE, TWO),
                List.of("perplexity", ONE, TWO, "--tokens"),
                List.of("perplexity", TWO, "--method", "mlm", "--mask-share", "0.5"),
                List.of("embed", ONE, TWO),
                List.of("embed", TWO, "--pooling", "tokens"),
                List.of("augment", TWO, "--stopwords", "none", "--min-probability", "0", "--names", "replace"),
                List.of("augment", TWO, "--score-candidates", "--with-originals", "--min-probability", "0"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void jsonIsWhatARunWithSparkPrints(List<String> command) {
        Result texts = run(command, "--json", "--max-bad-rows", "1.0");
        Result spark = run(
                command, "--json", "--max-bad-rows", "1.0", "--output", directory.resolve("out").toString());

        assertThat(texts.code()).as(texts.err()).isEqualTo(spark.code()).isZero();
        assertThat(texts.out()).isEqualTo(spark.out()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void tablesAndFiguresAreWhatARunWithSparkShows(List<String> command) {
        Result texts = run(command, "--max-bad-rows", "1.0");
        Result spark = run(command, "--max-bad-rows", "1.0", "--output", directory.resolve("out").toString());

        assertThat(texts.out()).isEqualTo(spark.out()).isNotEmpty();
        assertThat(texts.err().replaceAll("in [0-9.]+ s; .*", ""))
                .isEqualTo(spark.err().replaceAll("in [0-9.]+ s; .*", ""));
    }

    @Test
    void noJobOfSparkRuns() {
        SparkContext spark = Runner.spark().sparkContext();
        int before = spark.dagScheduler().numTotalJobs();

        Result run = Runner.perplexity(ONE, TWO);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(spark.dagScheduler().numTotalJobs()).isEqualTo(before);
    }

    @Test
    void rowsThatFailEndTheRunAsTheyDoWithSpark() {
        Result none = Runner.fillMask("--text", "no mask");
        Result tooMany = Runner.perplexity("--text", "", "--text", "a b");

        assertThat(none.code()).isEqualTo(4);
        assertThat(none.err()).contains("Cannot score the corpus: its only row got no answer (1 no-mask): ");
        assertThat(tooMany.err()).contains("2 rows (1 empty, 1 ok)");
    }

    private static Result run(List<String> command, String... more) {
        List<String> arguments = new ArrayList<>(command.subList(1, command.size()));
        arguments.addAll(Arrays.asList(more));
        return Runner.command(command.get(0), Runner.tiny(), arguments.toArray(String[]::new));
    }
}
