package dev.cloze.job.nights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cloze audit} of documents that a model scores. */
class ModelNightsTest {
    private static final LocalDate FIRST = LocalDate.parse("2026-03-02");
    private static final List<String> WORDS =
            List.of("paris", "is", "the", "capital", "of", "france", "hello", "new", "model", "a", "list", "number");

    @TempDir
    Path directory;

    /** A document of its own for each number. */
    private static String document(int number) {
        Random random = new Random(number);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5 + number % 7; i++) {
            text.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
        }
        String source = number % 3 == 0 ? "forum" : "news";
        return "{\"source\": \"" + source + "\", \"text\": \"" + text + "number " + number + "\"}";
    }

    private void write(int night, int from, int to) throws IOException {
        List<String> rows = new ArrayList<>();
        for (int number = from; number < to; number++) {
            rows.add(document(number));
        }
        write(night, rows);
    }

    private void write(int night, List<String> rows) throws IOException {
        Files.write(
                Files.createDirectories(directory.resolve("documents")).resolve(FIRST.plusDays(night) + ".jsonl"),
                rows);
    }

    private Result audit(int night, String... more) {
        return audit("history", night, more);
    }

    private Result audit(String history, int night, String... more) {
        return run(history, List.of("audit", "--date", FIRST.plusDays(night).toString()), more);
    }

    private Result backfill(int last, String... more) {
        return run(
                "history",
                List.of(
                        "audit",
                        "backfill",
                        "--from",
                        FIRST.toString(),
                        "--to",
                        FIRST.plusDays(last).toString()),
                more);
    }

    private Result run(String history, List<String> command, String... more) {
        List<String> args = new ArrayList<>(command);
        args.addAll(List.of(
                "--model",
                Runner.tiny().directory().toString(),
                "--input",
                directory.resolve("documents").toString() + "/{date}.jsonl",
                "--slice-by",
                "source",
                "--history",
                directory.resolve(history).toString()));
        args.addAll(Arrays.asList(more));
        Result result = Runner.run(args.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isIn(0, 3);
        return result;
    }

    private Map<String, String> files() throws IOException {
        return files("history");
    }

    private Map<String, String> files(String name) throws IOException {
        Path history = directory.resolve(name);
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(history)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(history.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private List<Row> states(String history, int night) {
        return Runner.spark()
                .read()
                .parquet(directory
                        .resolve(history + "/runs/date=" + FIRST.plusDays(night))
                        .toString())
                .orderBy("slice.source")
                .collectAsList();
    }

    @Test
    void theFiguresOfANightAreThoseOfPerplexity() throws IOException {
        write(0, 0, 40);
        audit(0);
        Path scores = directory.resolve("scores");
        Runner.perplexity(
                "--input",
                directory.resolve("documents/" + FIRST + ".jsonl").toString(),
                "--keep",
                "source",
                "--output",
                scores.toString());
        Row expected = Runner.spark()
                .read()
                .parquet(scores.toString())
                .selectExpr("count(*)", "sum(tokens_scored)", "sum(nll)")
                .first();
        Row found = Runner.spark()
                .read()
                .parquet(directory.resolve("history/runs").toString())
                .selectExpr("sum(documents)", "sum(sum_n)", "sum(sum_nll)")
                .first();
        assertThat(found.getLong(0)).isEqualTo(expected.getLong(0)).isEqualTo(40);
        assertThat(found.getLong(1)).isEqualTo(expected.getLong(1));
        // The last digits of a figure depend on the batch.
        assertThat(found.getDouble(2)).isCloseTo(expected.getDouble(2), within(1e-5 * expected.getDouble(2)));
        assertThat(states("history", 0)
                        .get(0)
                        .<String, Long>getJavaMap(states("history", 0).get(0).fieldIndex("marks")))
                .containsEntry("mojibake", 0L);
    }

    @Test
    void theSameNightAgainMakesNoFileAndOpensNoDocument() throws IOException {
        write(0, 0, 40);
        Result first = audit(0);
        assertThat(first.err()).contains("40 different documents, 40 of them are new to the model");
        Map<String, String> history = files();
        Path documents = directory.resolve("documents/" + FIRST + ".jsonl");
        FileTime time = Files.getLastModifiedTime(documents);
        byte[] content = Files.readAllBytes(documents);
        // As long and as old, and no JSON any more: whoever opens it fails.
        byte[] unreadable = new byte[content.length];
        Arrays.fill(unreadable, (byte) '{');
        Files.write(documents, unreadable);
        Files.setLastModifiedTime(documents, time);
        Result again = audit(0);
        assertThat(again.err()).doesNotContain("different documents");
        assertThat(again.code()).isEqualTo(first.code());
        assertThat(files()).isEqualTo(history);
        assertThat(history.keySet()).noneMatch(name -> name.startsWith("scoring") || name.startsWith("_unfinished"));
    }

    @Test
    void filesThatWereRewrittenInAnotherOrderChangeNothing() throws IOException {
        write(0, 0, 40);
        audit(0);
        Map<String, String> history = files();
        Path documents = directory.resolve("documents/" + FIRST + ".jsonl");
        List<String> rows = new ArrayList<>(Files.readAllLines(documents));
        Collections.shuffle(rows, new Random(1));
        write(0, rows);
        Files.setLastModifiedTime(documents, FileTime.from(Instant.now().plusSeconds(100)));
        assertThat(audit(0).err()).contains("0 of them are new to the model");
        Map<String, String> after = files();
        after.keySet().removeIf(name -> name.startsWith("inputs"));
        history.keySet().removeIf(name -> name.startsWith("inputs"));
        assertThat(after).isEqualTo(history);
    }

    @Test
    void onlyDocumentsThatChangedAreScoredAndTheSumsAreThoseOfAFullNight() throws IOException {
        write(0, 0, 200);
        write(1, 4, 204);
        audit(0);
        Result second = audit(1);
        assertThat(second.err()).contains("200 different documents, 4 of them are new to the model");
        audit("other", 1);
        List<Row> found = states("history", 1);
        List<Row> expected = states("other", 1);
        assertThat(found).hasSameSizeAs(expected);
        long all = 0;
        for (int i = 0; i < found.size(); i++) {
            Row one = found.get(i);
            Row other = expected.get(i);
            assertThat(one.<Long>getAs("sum_n")).isEqualTo(other.<Long>getAs("sum_n"));
            assertThat(one.<Double>getAs("sum_nll"))
                    .isCloseTo(other.<Double>getAs("sum_nll"), within(1e-5 * other.<Double>getAs("sum_nll")));
            all += one.<Long>getAs("sum_n");
        }
        long scored = Runner.spark()
                .read()
                .parquet(directory.resolve("history/scores").toString() + "/*/" + FIRST.plusDays(1) + "-*.parquet")
                .selectExpr("sum(tokens_scored)")
                .first()
                .getLong(0);
        assertThat(scored).isLessThanOrEqualTo(Math.round(0.03 * all));
        assertThat(found.stream()
                        .mapToLong(row -> row.<String, Long>getJavaMap(row.fieldIndex("marks"))
                                .get("seen"))
                        .sum())
                .isEqualTo(196);
    }

    @Test
    void aNightThatIsAuditedLaterIsTheFirstOfItsDocuments() throws IOException {
        write(0, 0, 30);
        write(1, 20, 60);
        write(2, 0, 60);
        backfill(2);
        Map<String, String> history = files();
        try (Stream<Path> all = Files.walk(directory.resolve("history"))) {
            all.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> assertThat(path.toFile().delete()).isTrue());
        }
        audit(1);
        audit(0);
        audit(2);
        Map<String, String> other = files();
        assertThat(other.keySet().stream().filter(name -> name.startsWith("runs/date=" + FIRST.plusDays(2))))
                .isNotEmpty()
                .containsExactlyElementsOf(history.keySet().stream()
                        .filter(name -> name.startsWith("runs/date=" + FIRST.plusDays(2)))
                        .toList());
    }

    @Test
    void aSampleIsScoredAndAllAreCounted() throws IOException {
        write(0, 0, 300);
        audit(0, "--sample", "50");
        long documents = 0;
        for (Row slice : states("history", 0)) {
            long scored = Runner.spark()
                    .read()
                    .parquet(directory.resolve("history/scores").toString() + "/*/*.parquet")
                    .where("tokens_scored is not null")
                    .count();
            assertThat(scored).isBetween(30L, 170L);
            documents += slice.<Long>getAs("documents");
            assertThat(slice.<Long>getAs("rows")).isEqualTo(slice.<Long>getAs("documents"));
            assertThat(slice.<String, Long>getJavaMap(slice.fieldIndex("languages")).values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(slice.<Long>getAs("documents"));
        }
        assertThat(documents).isEqualTo(300);
        write(1, 0, 300);
        assertThat(audit(1, "--sample", "50").err())
                .contains("300 different documents, 0 of them are new to the model");
    }

    @Test
    void ofASnapshotTheArrivalsAreJudgedAndTheStockIsCounted() throws IOException {
        write(0, 0, 60);
        audit(0, "--what", "snapshot");
        write(1, 10, 90);
        Result second = audit(1, "--what", "snapshot");
        assertThat(second.err()).contains("80 different documents, 30 of them are new to the model");
        List<Row> slices = states("history", 1);
        assertThat(slices.stream()
                        .mapToLong(row -> row.<Long>getAs("documents"))
                        .sum())
                .isEqualTo(30);
        assertThat(mark(slices, "stock")).isEqualTo(80);
        assertThat(mark(slices, "arrived")).isEqualTo(30);
        assertThat(Runner.run(
                                "audit",
                                "show",
                                "--history",
                                directory.resolve("history").toString(),
                                "--date",
                                FIRST.plusDays(1).toString())
                        .out())
                .contains("stock")
                .contains("departed");
    }

    private static long mark(List<Row> slices, String name) {
        return slices.stream()
                .mapToLong(row ->
                        row.<String, Long>getJavaMap(row.fieldIndex("marks")).get(name))
                .sum();
    }

    @Test
    void nightsOfAnotherMethodAreRefused() throws IOException {
        write(0, 0, 30);
        audit(0);
        Result other = Runner.run(
                "audit",
                "--date",
                FIRST.toString(),
                "--model",
                Runner.tiny().directory().toString(),
                "--method",
                "pll-word",
                "--input",
                directory.resolve("documents").toString() + "/{date}.jsonl",
                "--slice-by",
                "source",
                "--history",
                directory.resolve("history").toString());
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err())
                .contains("its nights were scored by tiny")
                .contains("use the same model and method, or another --history");
    }
}
