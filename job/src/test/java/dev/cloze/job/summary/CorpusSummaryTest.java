package dev.cloze.job.summary;

import static dev.cloze.job.testing.Runner.perplexity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What documents add up to: groups, states, and runs merged with earlier ones. */
class CorpusSummaryTest {
    private static final List<String> LANGUAGES = List.of("en", "pt", "de");

    @TempDir
    Path directory;

    @Test
    void groupsAreTheSumsOfTheirDocuments() throws IOException {
        Path output = directory.resolve("out");
        Result result = perplexity(
                "--input",
                corpus("all.jsonl", i -> true).toString(),
                "--group-by",
                "meta.lang,source",
                "--output",
                output.toString(),
                "--json");

        List<JsonNode> rows = result.json();
        JsonNode groups = summary(output).path("groups");
        assertThat(groups).hasSize(6);
        for (JsonNode group : groups) {
            List<JsonNode> members = rows.stream()
                    .filter(row -> row.path("lang").equals(group.path("group").path("lang"))
                            && row.path("source").equals(group.path("group").path("source")))
                    .filter(row -> row.path("status").asText().equals("ok"))
                    .toList();
            double nll = sum(members, "nll");
            double tokens = sum(members, "tokens_scored");
            assertThat(group.path("documents").asInt()).isEqualTo(members.size());
            assertThat(group.path("nll").asDouble()).isCloseTo(nll, within(1e-9 * nll));
            assertThat(group.path("perplexity").asDouble())
                    .isCloseTo(Math.exp(nll / tokens), within(1e-9 * Math.exp(nll / tokens)));
            assertThat(group.path("head").asDouble()
                            + group.path("middle").asDouble()
                            + group.path("tail").asDouble())
                    .isCloseTo(1, within(1e-12));
        }
        JsonNode corpus = summary(output).path("corpus");
        assertThat(corpus.path("documents").asInt()).isEqualTo(58);
        assertThat(corpus.path("nll").asDouble()).isCloseTo(sum(rows, "nll"), within(1e-9 * sum(rows, "nll")));
        // Nearest rank: 20 of 58 documents are the first third that holds at least a third.
        assertThat(corpus.path("head").asDouble()).isCloseTo(20 / 58.0, within(1e-9));
    }

    @Test
    void runsMergeToTheFiguresOfOneRun() throws IOException {
        Path whole = directory.resolve("whole");
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        score(corpus("all.jsonl", i -> true), "meta.lang", whole);
        score(corpus("odd.jsonl", i -> i % 3 == 1), "source,meta.lang", first);
        score(corpus("even.jsonl", i -> i % 3 != 1), "meta.lang", second, "--merge", first.toString());

        assertThat(summary(second).path("merged").get(0).asText()).isEqualTo(first.toString());
        assertSame(summary(second).path("corpus"), summary(whole).path("corpus"));
        assertThat(summary(second).path("groups")).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertSame(
                    summary(second).path("groups").get(i),
                    summary(whole).path("groups").get(i));
        }
    }

    @Test
    void aRunThatWasMergedBeforeCountsOnce() throws IOException {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        Path chained = directory.resolve("chained");
        Path both = directory.resolve("both");
        score(corpus("a.jsonl", i -> i < 20), "source", first);
        score(corpus("b.jsonl", i -> i >= 20 && i < 40), "source", second, "--merge", first.toString());
        Path rest = corpus("c.jsonl", i -> i >= 40);
        score(rest, "source", chained, "--merge", second.toString());
        score(rest, "source", both, "--merge", first.toString(), "--merge", second.toString());

        assertThat(summary(chained).path("corpus").path("rows").asInt()).isEqualTo(60);
        assertSame(summary(both).path("corpus"), summary(chained).path("corpus"));
        assertThat(perplexity("--text", "a", "--merge", first.toString(), "--merge", first + "/.")
                        .err())
                .contains("Cannot merge " + first + "/.: it is named twice; name it once");
        assertThat(perplexity(
                                "--input",
                                rest.toString(),
                                "--output",
                                first.toString(),
                                "--overwrite",
                                "--merge",
                                first + "/")
                        .err())
                .contains("it is the --output itself; choose another --output");
    }

    @Test
    void theSameCorpusHasTheSameFiguresInAnyPieces() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            lines.add("{\"text\": \"" + "the paris a ".repeat(1 + i % 3) + i + "\"}");
        }
        Path input = new Corpora(directory).lines("many.jsonl", lines);
        JsonNode expected = figures(input, "--partitions", "1");

        for (String partitions : List.of("7", "23")) {
            JsonNode found = figures(input, "--partitions", partitions, "--batch-tokens", "300");
            assertSame(found, expected);
        }
    }

    private JsonNode figures(Path input, String... more) throws IOException {
        Path output = directory.resolve("out" + more[1]);
        List<String> args = new ArrayList<>(List.of(
                "--input", input.toString(), "--method", "mlm", "--mask-share", "0.5", "--output", output.toString()));
        args.addAll(List.of(more));
        assertThat(perplexity(args.toArray(String[]::new)).code()).isZero();
        return summary(output).path("corpus");
    }

    @Test
    void aRunWithoutGroupsDoesNotMergeIntoGroups() throws IOException {
        Path whole = directory.resolve("whole");
        String input = corpus("all.jsonl", i -> i < 3).toString();
        assertThat(perplexity("--input", input, "--output", whole.toString()).code())
                .isZero();

        Result result = perplexity("--input", input, "--group-by", "source", "--merge", whole.toString());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("it was grouped by [], this run by [source]; use --group-by with columns of both");
    }

    @Test
    void anEmptyCorpusHasNoFigureAndMerges() throws IOException {
        Path none = directory.resolve("none");
        String empty = Files.writeString(directory.resolve("empty.txt"), "").toString();
        assertThat(perplexity("--input", empty, "--output", none.toString()).code())
                .isZero();
        assertThat(summary(none).path("corpus").path("rows").asInt()).isZero();

        assertThat(perplexity("--text", "paris is", "--merge", none.toString()).code())
                .isZero();
    }

    @Test
    void aGroupWithoutAFigureIsStillThere() throws IOException {
        Path input = new Corpora(directory)
                .lines(
                        "a.jsonl",
                        "{\"text\": \"paris is new\", \"source\": \"web\"}",
                        "{\"text\": \"\", \"source\": \"books\"}",
                        "{\"text\": \"the capital\", \"source\": null}");
        Path output = directory.resolve("out");

        Result result = perplexity(
                "--input", input.toString(), "--group-by", "source", "--output", output.toString(), "--show", "2");

        JsonNode groups = summary(output).path("groups");
        assertThat(groups).hasSize(3);
        assertThat(groups.get(0).path("group").path("source").isNull()).isTrue();
        assertThat(groups.get(1).path("rows").asInt()).isEqualTo(1);
        assertThat(groups.get(1).path("documents").asInt()).isZero();
        assertThat(result.out()).contains("(none) ").contains("and 1 more group: see _summary.json");
    }

    @Test
    void withoutAnOutputTheFiguresAreOfAllRows() throws IOException {
        Result result = perplexity("--input", corpus("all.jsonl", i -> true).toString(), "--show", "3");

        assertThat(result.out()).containsPattern("rows +60\n").containsPattern("documents +58\n");
        assertThat(result.out().lines().filter(line -> line.endsWith("  ok"))).hasSize(3);
    }

    private static void assertSame(JsonNode found, JsonNode expected) {
        expected.properties().forEach(figure -> {
            if (figure.getValue().isNumber()) {
                double value = figure.getValue().asDouble();
                assertThat(found.path(figure.getKey()).asDouble())
                        .as(figure.getKey())
                        .isCloseTo(value, within(1e-5 * Math.abs(value)));
            }
        });
    }

    @Test
    void runsOfAnotherMethodDoNotMerge() throws IOException {
        Path first = directory.resolve("first");
        score(corpus("all.jsonl", i -> i < 3), "source", first);

        Result result = perplexity("--text", "a", "--method", "pll-word", "--merge", first.toString());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("Cannot merge " + first
                        + ": its method is pll long=window, this run's pll-word long=window; merge"
                        + " runs of one method and one model");
        assertThat(perplexity(
                                "--input",
                                corpus("b.jsonl", i -> i < 3).toString(),
                                "--group-by",
                                "meta.lang",
                                "--merge",
                                first.toString())
                        .err())
                .contains("it was grouped by [source], this run by [lang]; use --group-by with columns of both");
        assertThat(perplexity("--text", "a", "--merge", directory.toString()).err())
                .contains("there are no states in it; name the --output of an earlier run of `cloze perplexity`");
    }

    @Test
    void aColumnThatIsKeptCanNameGroups() throws IOException {
        String input = corpus("all.jsonl", i -> i < 5).toString();

        assertThat(perplexity("--input", input, "--keep", "SOURCE", "--group-by", "source")
                        .code())
                .isZero();
        assertThat(perplexity("--input", input, "--id-column", "source", "--group-by", "source")
                        .err())
                .contains("--group-by names the --id-column: every row would be a group of its own");
    }

    @Test
    void theTableOfGroupsStandsAboveTheCorpus() throws IOException {
        String out = perplexity("--input", corpus("all.jsonl", i -> i < 5).toString(), "--group-by", "source")
                .out();

        assertThat(out.lines().filter(line -> line.startsWith("source  documents")))
                .hasSize(1);
        assertThat(out.indexOf("source  documents")).isLessThan(out.indexOf("\ncorpus\n"));
    }

    private static void score(Path input, String groupBy, Path output, String... more) {
        List<String> args = new ArrayList<>(
                List.of("--input", input.toString(), "--group-by", groupBy, "--output", output.toString()));
        args.addAll(List.of(more));
        assertThat(perplexity(args.toArray(String[]::new)).code()).isZero();
    }

    /** 60 rows, two of them empty; of those, the ones that {@code wanted} chooses. */
    private Path corpus(String name, Predicate<Integer> wanted) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String text = i % 30 == 7 ? "" : "paris is " + "the capital of france ".repeat(1 + i * i % 7) + i;
            if (wanted.test(i)) {
                lines.add("{\"text\": \"" + text + "\", \"source\": \"" + (i % 2 == 0 ? "web" : "books")
                        + "\", \"meta\": {\"lang\": \"" + LANGUAGES.get(i % 3) + "\"}}");
            }
        }
        return new Corpora(directory).lines(name, lines);
    }

    private static double sum(List<JsonNode> rows, String column) {
        return rows.stream().mapToDouble(row -> row.path(column).asDouble()).sum();
    }

    private static JsonNode summary(Path output) throws IOException {
        return new ObjectMapper().readTree(output.resolve("_summary.json").toFile());
    }
}
