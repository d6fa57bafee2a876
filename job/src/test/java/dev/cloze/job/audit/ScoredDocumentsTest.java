package dev.cloze.job.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.testing.Runner;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores as they are read for a night of the audit. */
class ScoredDocumentsTest {
    private static final LocalDate NIGHT = LocalDate.parse("2026-11-21");
    private static final String FIGURES = "\"tokens_scored\": 10, \"nll\": 20.5";

    @TempDir
    Path directory;

    private final List<String> said = new ArrayList<>();

    private Path write(String name, String... rows) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        // As the bytes of these characters, so that a test may write what is not UTF-8.
        return Files.write(file, List.of(rows), StandardCharsets.ISO_8859_1);
    }

    private Night night(String path, Optional<String> dateColumn) {
        Corpus.Reading reading = new Corpus.Reading(Optional.empty(), Map.of(), Optional.empty());
        ScoredDocuments.Columns columns = new ScoredDocuments.Columns(dateColumn, Optional.empty());
        return new ScoredDocuments(List.of(directory.resolve(path).toString()), reading, columns, List.of())
                .night(NIGHT, Runner.spark(), said::add);
    }

    private SliceState state(String path) {
        return night(path, Optional.empty()).slices().get(Slice.CORPUS);
    }

    private void requireScored(String path, int documents, int rows) {
        SliceState state = state(path);
        assertThat(state.documents()).isEqualTo(documents);
        assertThat(state.rows()).isEqualTo(rows);
    }

    /** A file of Parquet at {@code path} with the columns of these rows of JSON. */
    private void parquet(String path, String row) throws IOException {
        Path rows = write("rows/" + path + ".jsonl", row);
        Runner.spark()
                .read()
                .json(rows.toString())
                .coalesce(1)
                .write()
                .mode("append")
                .parquet(directory.resolve(path).toString());
    }

    @Test
    void aRunThatIsNotCompleteIsNotJudged() throws IOException {
        write("scores/2026-11-21/chunk.jsonl", "{" + FIGURES + "}");
        write("scores/2026-11-21/_plan.json", "{}");
        for (String path : List.of("scores/{date}", "scores/2026-11-21/*.jsonl", "scores/2026*")) {
            assertThatThrownBy(() -> night(path, Optional.empty()))
                    .as(path)
                    .isInstanceOf(ClozeException.class)
                    .hasMessage("Cannot audit " + directory.resolve("scores/2026-11-21")
                            + ": the run that writes it is not complete; run its command again until it ends, then this"
                            + " one");
        }
        write("scores/2026-11-21/_SUCCESS");
        requireScored("scores/{date}", 1, 1);
    }

    @Test
    void aRunThatHasWrittenNothingYetIsNotComplete() throws IOException {
        write("scores/.cloze/attempt-1", "{}");
        assertThatThrownBy(() -> night("scores", Optional.empty())).hasMessageContaining("is not complete");
    }

    @Test
    void aStatusThatOnlyALateRowHasIsSeen() throws IOException {
        List<String> rows = new ArrayList<>(Collections.nCopies(1_001, "{" + FIGURES + "}"));
        rows.add("{" + FIGURES + ", \"status\": \"failed\"}");
        write("late.jsonl", rows.toArray(String[]::new));
        requireScored("late.jsonl", 1_001, 1_002);
    }

    @Test
    void aStatusThatOnlySomeFilesHaveIsSeen() throws IOException {
        parquet("parquet", "{" + FIGURES + "}");
        parquet("parquet", "{" + FIGURES + ", \"status\": \"failed\"}");
        parquet("parquet", "{" + FIGURES + "}");
        requireScored("parquet", 2, 3);
        write("csv/a.csv", "tokens_scored,nll", "10,20.5");
        write("csv/b.csv", "tokens_scored,nll,status", "10,20.5,failed");
        assertThatThrownBy(() -> state("csv")).rootCause().hasMessageContaining("it has no column status");
    }

    @Test
    void filesWhoseColumnsCannotBePutTogetherAreReadByTheColumnsOfOne() throws IOException {
        parquet("types", "{" + FIGURES + ", \"year\": 2026}");
        parquet("types", "{" + FIGURES + ", \"year\": \"2026\"}");
        requireScored("types", 2, 2);
        assertThat(said)
                .contains(
                        "some columns have different types in different files, so all files are read with the columns of"
                                + " one of them, which has no id, status, date, text");
    }

    @Test
    void rowsOfAnotherNightThatLieInTheNightsPlaceAreCounted() throws IOException {
        write(
                "days/2026-11-21.jsonl",
                "{" + FIGURES + ", \"day\": \"2026-11-21\", \"id\": \"\u00e9\"}",
                "{" + FIGURES + ", \"day\": \"2026-11-20\", \"id\": \"b\"}",
                "{" + FIGURES + ", \"day\": \"2026-11-22\", \"id\": \"c\"}");
        Night night = night("days/{date}.jsonl", Optional.of("day"));
        assertThat(night.slices().get(Slice.CORPUS).rows()).isEqualTo(1);
        assertThat(said)
                .contains("2 rows at " + directory.resolve("days/2026-11-21.jsonl")
                        + " are of other nights than 2026-11-21 by the column day and were left out")
                .anyMatch(message -> message.startsWith("1 row has characters that no text of UTF-8 has"));
    }

    @Test
    void idsMayBeOfAnyTypeAndSoMayTheStatus() throws IOException {
        write(
                "types.jsonl",
                "{" + FIGURES + ", \"status\": true, \"id\": {\"page\": 7}}",
                "{" + FIGURES + ", \"status\": null, \"id\": {\"page\": 7}}",
                "{" + FIGURES + ", \"id\": {\"page\": 7}}");
        SliceState state = state("types.jsonl");
        assertThat(state.documents()).isEqualTo(2);
        assertThat(state.marks()).containsEntry("copies", 1L);
    }

    @Test
    void figuresThatAreNoNumbersAreRefusedInOneSentence() throws IOException {
        write("nested.jsonl", "{\"tokens_scored\": 10, \"nll\": {\"sum\": 20.5}}");
        assertThatThrownBy(() -> state("nested.jsonl"))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot read the scores: the column nll is of the type struct<sum:double>; write a"
                        + " number into it in every row");
    }

    @Test
    void aNightWhosePlaceIsMissingHasNoDocument() throws IOException {
        assertThat(state("scores/{date}")).isEqualTo(SliceState.EMPTY);
        assertThat(said)
                .containsExactly("there are no scores at " + directory.resolve("scores/2026-11-21")
                        + ": no document of 2026-11-21 is taken from there");
        assertThatThrownBy(() -> state("scores"))
                .hasMessageContaining("there is no such file or directory; check the path");
    }

    @Test
    void onlyStringsThatBeginWithAWholeDateTellANight() throws IOException {
        write(
                "dates.jsonl",
                "{" + FIGURES + ", \"date\": \"2026-11-21T23:59:59+09:00\"}",
                "{" + FIGURES + ", \"date\": \"2026-11-01\"}",
                "{" + FIGURES + ", \"date\": \"2026-11\"}",
                "{" + FIGURES + ", \"date\": \"2026\"}",
                "{" + FIGURES + ", \"date\": \"202611\"}",
                "{" + FIGURES + ", \"date\": \"2026-11-2\"}");
        requireScored("dates.jsonl", 1, 1);
        assertThat(said).contains("4 rows have no readable date and were left out");
    }
}
