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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cloze audit} with document scores that exist already. */
class AuditCommandTest {
    @TempDir
    Path directory;

    private Result audit(String command, String... args) {
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(command.isEmpty() ? List.of() : List.of(command));
        all.addAll(List.of("--history", directory.resolve("history").toString()));
        all.addAll(Arrays.asList(args));
        return Runner.run(all.toArray(String[]::new));
    }

    private Result night(int number) {
        return audit(
                "",
                "--scores",
                directory.resolve("scores").toString(),
                "--slice-by",
                "source",
                "--date",
                ScoredNights.night(number).toString());
    }

    private Result backfill(int last) {
        return audit(
                "backfill",
                "--scores",
                directory.resolve("scores").toString(),
                "--slice-by",
                "source",
                "--from",
                ScoredNights.night(0).toString(),
                "--to",
                ScoredNights.night(last).toString());
    }

    /** Every file of the history and what is in it. */
    private Map<String, String> files() throws IOException {
        Path history = directory.resolve("history");
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(history)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(
                        history.relativize(file).toString(),
                        java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private JsonNode verdict(int number) throws IOException {
        List<Path> verdicts;
        try (Stream<Path> all = Files.list(directory.resolve("history/verdicts/date=" + ScoredNights.night(number)))) {
            verdicts = all.toList();
        }
        List<JsonNode> read = new ArrayList<>();
        for (Path verdict : verdicts) {
            read.add(new ObjectMapper().readTree(verdict.toFile()));
        }
        read.sort(java.util.Comparator.comparingInt(each -> each.get("sequence").asInt()));
        return read.get(read.size() - 1);
    }

    @Test
    void theOrderOfRowsAndFilesChangesNoByteOfAHistory() throws IOException {
        ScoredNights.write(directory, 3);
        backfill(2);
        Map<String, String> history = files();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            rows.addAll(ScoredNights.rows(i, 0));
            Files.delete(directory.resolve("scores/" + ScoredNights.night(i) + ".jsonl"));
        }
        Collections.shuffle(rows, new Random(1));
        Files.write(directory.resolve("scores/all.jsonl"), rows.subList(0, 100));
        Files.write(directory.resolve("scores/rest.jsonl"), rows.subList(100, rows.size()));
        backfill(2);
        assertThat(files()).isEqualTo(history);
        Result again = audit("rejudge", "--from", ScoredNights.night(0).toString());
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(files())
                .as("the nights that are stored are those that were judged")
                .isEqualTo(history);
    }

    @Test
    void nightsLieInPlacesOfTheirOwnWhereThePathNamesTheDate() throws IOException {
        ScoredNights.write(directory, 2);
        // The path tells the night, whatever the rows say.
        Files.write(directory.resolve("scores/" + ScoredNights.night(1) + ".jsonl"), ScoredNights.rows(7, 0));
        String path = directory.resolve("scores").toString() + "/{date}.jsonl";
        Result night = audit(
                "",
                "--scores",
                path,
                "--slice-by",
                "source",
                "--date",
                ScoredNights.night(1).toString());
        assertThat(night.code()).as(night.err()).isZero();
        assertThat(night.out()).contains("WARMING-UP").contains("news").contains("60");

        Result all = audit(
                "backfill",
                "--scores",
                path,
                "--slice-by",
                "source",
                "--from",
                ScoredNights.night(-1).toString(),
                "--to",
                ScoredNights.night(2).toString());
        assertThat(all.code()).as(all.err()).isZero();
        assertThat(all.err())
                .contains("there are no scores at ")
                .contains("2026-03-01.jsonl, ")
                .contains("2026-03-04.jsonl");
        assertThat(all.out()).contains("2026-03-02").contains("2026-03-03").doesNotContain("2026-03-04");
    }

    @Test
    void textsAreLookedAtWhereThereAreAny() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int night = 0; night < 20; night++) {
            for (int i = 0; i < 20; i++) {
                boolean isBroken = night == 19 && i < 5;
                String text = isBroken ? "le gÃ©nÃ©ral est Ã la porte" : "le général est à la porte de la ville";
                rows.add("{\"id\": \"x\", \"tokens_scored\": " + (i + 10) + ", \"nll\": " + 2.1 * (i + 10)
                        + ", \"day\": \"" + ScoredNights.night(night) + "\", \"body\": \"" + text + " " + night + " "
                        + (i == 19 ? 18 : i) + "\"}");
            }
        }
        Files.createDirectories(directory.resolve("scores"));
        Files.write(directory.resolve("scores/all.jsonl"), rows);
        String[] scores = {
            "--scores", directory.resolve("scores").toString(), "--date-column", "day", "--text-column", "body"
        };
        String last = ScoredNights.night(18).toString();
        audit("backfill", with(scores, "--from", ScoredNights.FIRST.toString(), "--to", last));
        Result broken = audit("", with(scores, "--date", ScoredNights.night(19).toString()));
        assertThat(broken.code()).as(broken.err()).isEqualTo(3);
        assertThat(broken.out())
                .contains("25 % of its documents (5 of 20) show a broken encoding, usually 0.062 %")
                .doesNotContain("copies of others");
        List<JsonNode> checks = new ArrayList<>();
        verdict(19).get("checks").forEach(checks::add);
        assertThat(checks.stream().filter(check -> check.get("rule").asText().equals("copies")))
                .singleElement()
                .matches(check -> check.get("value").asDouble() == 0.05);
        assertThat(checks.stream().map(check -> check.get("rule").asText()))
                .contains("seen", "language", "script", "mojibake", "control", "repetitive", "line")
                .doesNotContain("unknown");
    }

    private static String[] with(String[] args, String... more) {
        return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
    }

    private void write(String... rows) throws IOException {
        Files.createDirectories(directory.resolve("scores"));
        Files.write(directory.resolve("scores/all.jsonl"), List.of(rows));
    }

    private Result nested(int number) {
        return audit(
                "",
                "--scores",
                directory.resolve("scores").toString(),
                "--date-column",
                "meta.day",
                "--text-column",
                "meta.body",
                "--slice-by",
                "meta.source",
                "--date",
                ScoredNights.night(number).toString());
    }

    @Test
    void columnsMayBeNestedAndCopiesMayLieInSeveralSlices() throws IOException {
        String row = "{\"tokens_scored\": %s, \"nll\": %s, \"meta\": {\"day\": \"2026-03-0%s\", \"body\": \"%s\","
                + " \"source\": %s}}";
        List<String> rows = new ArrayList<>(List.of(
                String.format(row, "\"12.0\"", 20, 2, "one", "\"a\""),
                String.format(row, "\"10\"", 20, 3, "one", "\"b\""),
                String.format(row, "\"10\"", 20, 3, "one", "null"),
                String.format(row, "\"10\"", 20, 3, "one", "\"(none)\""),
                String.format(row, "null", "null", 3, "one", "null"),
                String.format(row, "\"12.5\"", 20, 3, "one", "\"b\"")));
        write(rows.toArray(String[]::new));
        Result first = nested(1);
        assertThat(first.out()).as(first.err()).contains("(none)").doesNotContain("empty");
        JsonNode verdict = verdict(1);
        assertThat(verdict.get("corpus_figures").get("rows").asInt()).isEqualTo(5);
        assertThat(verdict.get("corpus_figures").get("documents").asInt()).isEqualTo(3);
        assertThat(found(verdict, "copies"))
                .containsEntry("b", 1.0)
                .containsEntry("(none)", 1.0)
                .containsEntry("null", 0.0);
        assertThat(found(verdict, "seen")).containsEntry("b", 1.0);
        Map<String, String> history = files();
        Collections.reverse(rows);
        write(rows.toArray(String[]::new));
        assertThat(nested(1).err()).contains("already audited");
        assertThat(files()).isEqualTo(history);
        assertThat(audit("show", "--date", ScoredNights.night(1).toString()).out())
                .contains("(none)")
                .doesNotContain("null");
        Result accepted =
                audit("accept", "--date", ScoredNights.night(1).toString(), "--slice", "source=(none)", "--note", "x");
        assertThat(accepted.code()).as(accepted.err()).isZero();
    }

    /** The share of a rule by the values of slices. */
    private static Map<String, Double> found(JsonNode verdict, String rule) {
        Map<String, Double> found = new TreeMap<>();
        verdict.get("checks").forEach(check -> {
            if (check.get("rule").asText().equals(rule) && !check.get("slice").isEmpty()) {
                found.put(
                        check.get("slice").get("source").asText(),
                        check.get("value").asDouble());
            }
        });
        return found;
    }

    @Test
    void aFirstAuditThatFailsLeavesNoHistory() throws IOException {
        String scores = directory.resolve("scores").toString();
        write("{\"tokens_scored\": 10, \"nll\": 20, \"date\": \"02.03.2026\", \"number\": 20260302, \"a\":"
                + " {\"source\": \"x\"}}");
        String date = ScoredNights.night(0).toString();
        Result format = audit("", "--scores", scores, "--date", date);
        assertThat(format.code()).isEqualTo(4);
        assertThat(format.err())
                .contains("no row has a readable date in the column date; write dates such as 2026-11-21 into it");
        Result type = audit("", "--scores", scores, "--date", date, "--date-column", "number");
        assertThat(type.code()).isEqualTo(4);
        assertThat(type.err()).contains("the column number is of the type bigint");
        assertThat(audit("", "--scores", scores, "--date", date, "--slice-by", "a.source,b.source")
                        .err())
                .contains("two columns that have one name after their last dot");
        assertThat(Files.exists(directory.resolve("history"))).isFalse();
    }

    @Test
    void scoresOfOtherSlicesDoNotComeIntoAHistory() throws IOException {
        ScoredNights.write(directory, 1);
        assertThat(night(0).code()).isZero();
        String scores = directory.resolve("scores").toString();
        String date = ScoredNights.night(0).toString();
        Result other = audit("", "--scores", scores, "--date", date);
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err())
                .contains("its slices are by source, --slice-by asks for no column; use the same --slice-by");
        Result column = audit("", "--scores", scores, "--slice-by", "sources", "--date", date);
        assertThat(column.code()).isEqualTo(2);
    }
}
