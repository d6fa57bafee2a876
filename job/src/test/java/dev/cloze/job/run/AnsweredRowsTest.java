package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row that was scored counts, shown or not, and a run in which none got an answer fails. */
class AnsweredRowsTest {

    private static final int ROWS = 300;

    @TempDir
    Path directory;

    private Path output;

    @BeforeEach
    void name() {
        output = directory.resolve("out");
    }

    static Stream<List<String>> displays() {
        return Stream.of(List.of("--show", "2"), List.of(), List.of("--json"), List.of("--json", "--show", "2"));
    }

    @ParameterizedTest
    @MethodSource("displays")
    void rowsThatAreNotShownCount(List<String> display) throws IOException {
        Path corpus = lines("corpus.jsonl", i -> i == 250 ? "{broken" : "{\"text\": \"paris is " + i + "\"}");

        Result result = run("perplexity", corpus, display);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("cloze: 300 rows (1 failed, 299 ok) in ");
    }

    @ParameterizedTest
    @MethodSource("displays")
    void rowsThatFailedAndAreNotShownAreBadRows(List<String> display) throws IOException {
        Path corpus = lines("corpus.jsonl", i -> i == 250 ? "{broken" : "{\"text\": \"paris is " + i + "\"}");

        Result result = run("perplexity", corpus, display, "--max-bad-rows", "0");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("1 of 300 rows failed, --max-bad-rows allows 0");
    }

    @Test
    void tooManyBadRowsFailTheRunAndNothingIsLost() throws IOException {
        Path bad = new Corpora(directory).json("bad.jsonl", "a [MASK]", Corpora.BROKEN, "b [MASK]");
        for (String tolerance : List.of("0", "0.3")) {
            Result refused = Runner.fillMask(
                    "--input", bad.toString(), "--output", output.toString(), "--max-bad-rows", tolerance);

            assertThat(refused.code()).isEqualTo(4);
            assertThat(refused.err())
                    .contains("Cannot accept the results: 1 of 3 rows failed, --max-bad-rows allows " + tolerance);
            assertThat(output.resolve("_SUCCESS")).doesNotExist();
        }
        List<Row> failed = Runner.spark()
                .read()
                .parquet(Files.list(output.resolve("_failed"))
                        .filter(file -> file.getFileName().toString().startsWith("part-"))
                        .map(Path::toString)
                        .toArray(String[]::new))
                .collectAsList();
        assertThat(failed).hasSize(1);
        assertThat(failed.get(0).<String>getAs("error"))
                .startsWith("Cannot read this row: it is not a JSON object: {broken");
        for (String tolerance : List.of("0.4", "1")) {
            assertThat(Runner.fillMask(
                                    "--input",
                                    bad.toString(),
                                    "--output",
                                    output.toString(),
                                    "--max-bad-rows",
                                    tolerance)
                            .code())
                    .isZero();
        }
        assertThat(Runner.fillMask("--text", "a [MASK]", "--max-bad-rows", "1.5")
                        .err())
                .contains("expected a number of rows, or a share such as 0.01, but was '1.5'");
    }

    @Test
    void allCandidatesOfTheTextsOfAPreviewCount() throws IOException {
        Path corpus = lines("corpus.txt", i -> "paris is the capital of france " + i);

        Result result = run("augment", corpus, List.of("--show", "3"), "--variants", "2", "--share", "0.5");

        // Two candidates of each of the first three texts; a table has three rows.
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("cloze: 6 rows (6 ok) in ").contains("there may be more");
    }

    static Stream<List<String>> unanswered() {
        return Stream.of(
                List.of("fill-mask"),
                List.of("fill-mask", "--json"),
                List.of("fill-mask", "--output"),
                List.of("fill-mask", "--output", "--output-format", "orc"),
                List.of("fill-mask", "--output", "--bad-files", "skip"));
    }

    @ParameterizedTest
    @MethodSource("unanswered")
    void aRunInWhichNoRowGotAnAnswerFailsWithTheReason(List<String> options) throws IOException {
        List<String> lines = new ArrayList<>();
        IntStream.range(0, 60).forEach(i -> lines.add("{\"text\": \"paris " + i + "\"}"));
        IntStream.range(0, 40).forEach(i -> lines.add("{broken"));
        Path corpus = new Corpora(directory).lines("corpus.jsonl", lines);
        List<String> args = new ArrayList<>(options.subList(1, options.size()));
        if (args.contains("--output")) {
            args.add(1, output.toString());
        }

        Result result = run(options.get(0), corpus, args);

        boolean preview = options.equals(List.of("fill-mask"));
        assertThat(result.code()).as(result.err()).isEqualTo(4);
        assertThat(result.err())
                .contains("Cannot score the corpus: none of its " + (preview ? "first 20" : "100")
                        + " rows got an answer ("
                        + (preview ? "20 no-mask" : "40 failed, 60 no-mask")
                        + "): cannot fill masks: there is no mask in"
                        + " the text; write [MASK] where a word is missing; ")
                .contains("--max-bad-rows 1.0");
        assertThat(output.resolve("_SUCCESS")).doesNotExist();
        args.addAll(List.of("--max-bad-rows", "1.0"));
        Result accepted = run(options.get(0), corpus, args);
        assertThat(accepted.code()).as(accepted.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"perplexity", "embed", "augment"})
    void everyCommandWantsAnAnswer(String command) throws IOException {
        Path corpus = new Corpora(directory).json("corpus.jsonl", "", "");

        for (List<String> options : List.of(List.<String>of(), List.of("--output", output.toString()))) {
            Result result = run(command, corpus, options);

            assertThat(result.code()).as(result.err()).isEqualTo(4);
            assertThat(result.err())
                    .containsPattern("none of its (first )?2 rows got an answer \\(2 empty\\): cannot ");
        }
    }

    @Test
    void originalsAreNoCandidates() throws IOException {
        Path corpus = new Corpora(directory).lines("corpus.txt", "1 2 3", "4 5 6");

        Result result = run("augment", corpus, List.of("--with-originals"));

        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(4);
        assertThat(result.err()).contains("none of its first 2 rows got an answer (2 no-candidate, 2 ok)");
    }

    @Test
    void classesThatAreEvenAlreadyNeedNoCandidates() throws IOException {
        Path corpus = new Corpora(directory)
                .lines(
                        "corpus.jsonl",
                        "{\"text\": \"paris is big\", \"label\": 1}",
                        "{\"text\": \"paris is old\", \"label\": 2}");

        for (List<String> more : List.of(List.<String>of(), List.of("--with-originals"))) {
            Result result = run("augment", corpus, more, "--balance-by", "label");

            assertThat(result.code()).as(result.err()).isZero();
        }
    }

    @Test
    void rowsThatMakeNoExampleAreNoAnswer() throws IOException {
        Path corpus = new Corpora(directory).lines("corpus.txt", "paris", "is");
        List<String> trainer = List.of("--method", "mlm", "--hf-compat", "blocks", "--block-size", "32");

        assertThat(run("perplexity", corpus, trainer).code()).isEqualTo(4);
        Result result = run("perplexity", corpus, trainer, "--output", output.toString());

        assertThat(result.code()).as(result.err()).isEqualTo(4);
        assertThat(result.err()).contains("none of its 2 rows got an answer: there is too little text in them");
    }

    @Test
    void aCorpusWithoutRowsIsDone() throws IOException {
        Path corpus = new Corpora(directory).lines("corpus.txt");

        for (String command : List.of("fill-mask", "perplexity")) {
            assertThat(run(command, corpus, List.of()).code()).isZero();
            Result kept = run(command, corpus, List.of("--output", output + command));
            assertThat(kept.code()).as(kept.err()).isZero();
            assertThat(Path.of(output + command, "_SUCCESS")).exists();
        }
    }

    @Test
    void resultsThatNobodyAcceptedStayAndAreScoredNoSecondTime() throws IOException {
        Path corpus = new Corpora(directory).lines("corpus.txt", "no", "masks");
        List<String> kept = List.of("--output", output.toString());
        assertThat(run("fill-mask", corpus, kept).code()).isEqualTo(4);

        Result again = run("fill-mask", corpus, kept);
        Result accepted = run("fill-mask", corpus, kept, "--max-bad-rows", "2");

        assertThat(again.code()).isEqualTo(4);
        assertThat(again.err()).contains("nothing is left to score");
        assertThat(accepted.code()).isZero();
        JsonNode manifest =
                new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
        assertThat(manifest.path("rows").path("no-mask").asInt()).isEqualTo(2);
    }

    private interface Line {
        String of(int row);
    }

    private Path lines(String name, Line line) throws IOException {
        return new Corpora(directory).numbered(name, 0, ROWS, line::of);
    }

    private static Result run(String command, Path corpus, List<String> options, String... more) {
        List<String> args = new ArrayList<>(List.of("--input", corpus.toString()));
        args.addAll(options);
        args.addAll(List.of(more));
        return Runner.command(command, Runner.tiny(), args.toArray(String[]::new));
    }
}
