package dev.cloze.job.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that show what was found: in verdicts, on pages and on the terminal. */
class ExamplesTest {
    private static final int LAST = 16;
    private static final String BROKEN =
            "Le gÃ©nÃ©ral est arrivÃ© Ã  la porte de la ville le %02d mars avec ses officiers";

    @TempDir
    Path directory;

    private final ObjectMapper json = new ObjectMapper();

    @BeforeEach
    void writeScores() throws IOException {
        write(rows());
    }

    private void write(List<String> rows) throws IOException {
        Files.createDirectories(directory.resolve("scores"));
        Files.write(directory.resolve("scores/all.jsonl"), rows);
    }

    private static List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int night = 0; night <= LAST; night++) {
            Random random = new Random(night);
            for (int i = 0; i < 80; i++) {
                boolean isBroken = night == LAST && i % 10 == 0;
                String text = isBroken ? String.format(Locale.ROOT, BROKEN, i) : words(random);
                rows.add(row(night, i, isBroken ? 4.5 + 0.01 * i : 2 + 0.3 * random.nextGaussian(), text));
            }
        }
        return rows;
    }

    private static String words(Random random) {
        StringBuilder words = new StringBuilder("we said");
        random.ints(12, 0, 5_000).forEach(word -> words.append(" w").append(Integer.toString(word, 36)));
        return words.toString();
    }

    private static String row(int night, int number, double crossEntropy, String text) {
        String half = text.substring(0, text.length() / 2);
        return String.format(
                Locale.ROOT,
                "{\"id\": \"%d-%d\", \"date\": \"%s\", \"source\": \"%s\", \"tokens_scored\": 20, \"nll\": %.4f,"
                        + " \"text\": \"%s\", \"surprisals\": [{\"token\": \"a\", \"start\": 0, \"end\": %d, \"nll\": 1.234},"
                        + " {\"token\": \"b\", \"start\": %d, \"end\": %d, \"nll\": 9.1}]}",
                night,
                number,
                ScoredNights.night(night),
                number % 2 == 0 ? "forum" : "news",
                20 * crossEntropy,
                text,
                half.length(),
                half.length(),
                text.length());
    }

    private Result audit(String history, String command, String... args) {
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(command.isEmpty() ? List.of() : List.of(command));
        all.addAll(List.of("--history", directory.resolve(history).toString()));
        all.addAll(List.of(args));
        return Runner.run(all.toArray(String[]::new));
    }

    private Result backfill(String history, String... more) {
        return audit(
                history,
                "backfill",
                Stream.concat(
                                Stream.of(
                                        "--scores",
                                        directory.resolve("scores").toString(),
                                        "--slice-by",
                                        "source",
                                        "--name",
                                        "letters",
                                        "--from",
                                        ScoredNights.FIRST.toString(),
                                        "--to",
                                        ScoredNights.night(LAST).toString()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private JsonNode latest(String history) throws IOException {
        return json.readTree(directory.resolve(history + "/latest.json").toFile());
    }

    @Test
    void nearDuplicatesThatShowADamageAreFoldedIntoOne() throws IOException {
        Result backfilled = backfill("history");
        assertThat(backfilled.code()).as(backfilled.err()).isZero();
        JsonNode verdict = latest("history");
        assertThat(verdict.get("verdict").asText()).isEqualTo("drift");
        JsonNode first = verdict.get("exemplars").get(0);
        assertThat(first.get("slice").toString()).isEqualTo("{\"source\":\"forum\"}");
        assertThat(first.get("kind").asText()).isEqualTo("typical");
        assertThat(first.get("alike").asInt()).isEqualTo(8);
        assertThat(first.get("id").asText()).as("the one in the middle").isEqualTo(LAST + "-30");
        assertThat(first.get("marks").toString()).isEqualTo("[\"mojibake\",\"line\"]");
        assertThat(first.get("text").asText()).isEqualTo(String.format(Locale.ROOT, BROKEN, 30));
        assertThat(first.get("cross_entropy").asDouble()).isEqualTo(4.8);
        assertThat(first.get("excess").asDouble()).isEqualTo(1);
        assertThat(first.get("surprisals").get("nats").toString()).isEqualTo("[1.23,9.1]");
        Document page = page("history");
        assertThat(page.select("figure.text b").first().text()).isEqualTo("typical");
        assertThat(page.select("figure.text figcaption").first().text())
                .isEqualTo("typical · 8 alike · 4.800 nats a token, 20 scored tokens · mojibake, line · id 16-30");
        assertThat(page.select("figure.text blockquote").first().text()).contains("arrivÃ© Ã");
        assertThat(page.select("blockquote .s4").first().text()).endsWith("avec ses officiers");
        assertThat(audit("history", "show", "--date", ScoredNights.night(LAST).toString())
                        .out())
                .contains("forum · typical · 8 alike · 4.800 nats a token", "  Le gÃ©nÃ©ral");
    }

    private Document page(String history) throws IOException {
        return Jsoup.parse(directory
                .resolve(history + "/reports/" + ScoredNights.night(LAST) + ".html")
                .toFile());
    }

    @Test
    void theOrderOfRowsChangesNoExampleAndRejudgingKeepsThem() throws IOException {
        backfill("history");
        JsonNode verdict = latest("history");
        assertThat(verdict.get("exemplars")).isNotEmpty();
        audit("history", "rejudge", "--from", ScoredNights.FIRST.toString());
        assertThat(latest("history")).isEqualTo(verdict);
        List<String> rows = rows();
        Collections.shuffle(rows, new Random(1));
        write(rows);
        backfill("other");
        assertThat(latest("other")).isEqualTo(verdict);
    }

    @Test
    void withoutTextsOnlyFiguresAreShown() throws IOException {
        backfill("history", "--no-texts");
        JsonNode first = latest("history").get("exemplars").get(0);
        assertThat(first.get("id").asText()).isEqualTo(LAST + "-30");
        assertThat(first.get("text").isNull()).isTrue();
        assertThat(first.get("surprisals").isNull()).isTrue();
        assertThat(page("history").select("blockquote")).isEmpty();
        assertThat(page("history").select("figure.text")).isNotEmpty();
        try (Stream<Path> files = Files.walk(directory.resolve("history"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("officiers");
            }
        }
    }

    @Test
    void twoNightsAndTwoOutputsAreCompared() throws IOException {
        backfill("history");
        Result nights = audit(
                "history",
                "compare",
                ScoredNights.night(LAST - 1).toString(),
                ScoredNights.night(LAST).toString());
        assertThat(nights.code()).as(nights.err()).isZero();
        assertThat(nights.out()).contains("B is +0.3", "forum", "news", "whole corpus", "half of them");
        Result unknown = audit("history", "compare", "2020-01-01", "2026-03-02");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("Cannot compare the night 2020-01-01: it is not in");
        List<String> rows = rows();
        Files.write(directory.resolve("a.jsonl"), rows.subList(80 * (LAST - 1), 80 * LAST));
        Files.write(directory.resolve("b.jsonl"), rows.subList(80 * (LAST - 1), 80 * (LAST + 1)));
        Result outputs = Runner.run(
                "audit",
                "compare",
                directory.resolve("a.jsonl").toString(),
                directory.resolve("b.jsonl").toString(),
                "--slice-by",
                "source");
        assertThat(outputs.code()).as(outputs.err()).isZero();
        assertThat(outputs.out())
                .contains("80 documents are in both: ", "correlation 1.000, slope 1.000.")
                .contains("forum · typical · 8 alike · 4.800 nats a token");
    }
}
