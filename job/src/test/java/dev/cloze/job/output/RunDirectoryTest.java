package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.plan.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stages of a directory of results, without a run. */
class RunDirectoryTest {
    private static final String OTHER = "chunk-0123456789abcdef0123.zstd.parquet";
    private static final String PART = "part-00000-0a1b2c3d-0000-0000-0000-000000000000.pq";

    @TempDir
    Path directory;

    private LocalDirectory output;
    private RunPlan plan;
    private List<String> chunks;

    @BeforeEach
    void makePlan() throws IOException {
        output = new LocalDirectory(directory.resolve("out"));
        plan = LocalDirectory.plan("/c/a.txt", 2, 3);
        chunks = List.copyOf(plan.files().keySet());
    }

    @Test
    void theHistoryIsThereFirst() throws IOException {
        RunDirectory run = output.run();

        run.begin("embed", Instant.EPOCH);

        assertThat(output.content()).singleElement().asString().startsWith(".cloze/attempt-");
        assertThat(run.attempts()).extracting(RunHistory.Attempt::command).containsExactly("embed");
        assertThat(run.isTaken()).isFalse();
        assertThat(run.plan()).isEmpty();
    }

    @Test
    void aPlanComesBackAsItWas() throws IOException {
        RunDirectory run = output.run();
        run.begin("embed", Instant.EPOCH);

        run.begin(plan);

        assertThat(run.plan()).contains(plan);
        assertThat(Files.exists(output.path().resolve("_plan.json"))).isTrue();
    }

    @Test
    void anotherPlanTakesAwayWhatWasTrueOfTheOldOne() throws IOException {
        RunDirectory run = begun();
        output.touch("_SUCCESS", "_manifest.json", "_summary.json", "_states/" + PART, "_failed/" + PART);
        output.touch(chunks.get(0), chunks.get(1), OTHER, "_input/" + PART, "notes.txt");
        RunPlan next = LocalDirectory.plan("/c/a.txt", 2);

        run.begin(next);

        assertThat(run.plan()).contains(next);
        assertThat(run.chunks()).isEqualTo(next.files().keySet()).containsExactly(chunks.get(0));
        assertThat(output.content())
                .filteredOn(name -> !name.startsWith(".cloze"))
                .containsExactly("_input/" + PART, "_plan.json", chunks.get(0), "notes.txt");
    }

    @Test
    void aPlanThatADriverDidNotPutInItsPlaceIsFound() throws IOException {
        RunDirectory run = begun();
        Files.move(output.path().resolve("_plan.json"), output.path().resolve("_plan.json.next.a-run"));
        output.write("_plan.json.next.another", "{\"run\": ");

        assertThat(run.plan()).contains(plan);
        assertThat(output.path().resolve("_plan.json")).exists();
    }

    @Test
    void aDamagedPlanIsExplained() throws IOException {
        RunDirectory run = begun();
        output.write("_plan.json", "{\"run\": \"x\"");

        assertThatThrownBy(run::plan)
                .isInstanceOf(ClozeException.class)
                .hasMessageStartingWith("Cannot read the plan " + output.path()
                        + "/_plan.json: it is damaged, or of another version of Cloze: ")
                .hasMessageEndingWith("; begin anew with --overwrite, or choose another --output");
    }

    @Test
    void onlyFinishedFilesOfOurNamesAreChunks() throws IOException {
        RunDirectory run = begun();
        output.touch(OTHER, "chunk-notes", OTHER + ".bak", "_unfinished/" + chunks.get(0) + ".0.1");

        assertThat(run.chunks()).containsExactly(OTHER);
    }

    @Test
    void chunksThatAreGoneAreMissed() throws IOException {
        RunDirectory run = begun();
        output.touch(chunks.get(0));

        run.requireAll(Set.of(chunks.get(0)));
        assertThatThrownBy(() -> run.requireAll(plan.files().keySet()))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining("1 of 2 chunks were written and are not there; use a directory that the driver"
                        + " and all executors share");
    }

    @Test
    void theChunksOfAnotherDriversPlanStayAndOursGo() throws IOException {
        RunDirectory run = begun();
        output.touch(chunks.get(0), chunks.get(1));
        run.requireCurrent(plan);
        assertThat(run.chunks()).hasSize(2);
        output.write("_plan.json", LocalDirectory.planJson("/c/a.txt", 2));

        assertThatThrownBy(() -> run.requireCurrent(plan))
                .isInstanceOf(ClozeException.class)
                .hasMessageStartingWith(
                        "Cannot finish " + output.path() + ": another run began in it meanwhile, with other chunks; ");
        assertThat(run.chunks()).containsExactly(chunks.get(0));
    }

    @Test
    void resultsAreCompleteFromTheMarkOnUntilItIsTakenAway() throws IOException {
        RunDirectory run = begun();
        assertThat(run.isComplete()).isFalse();

        run.markComplete();
        output.touch("_summary.json", "_manifest.json", "_states/" + PART, "_failed/" + PART, chunks.get(0));
        assertThat(run.isComplete()).isTrue();

        run.markUnfinished();
        assertThat(run.isComplete()).isFalse();
        assertThat(output.content())
                .filteredOn(name -> !name.startsWith(".cloze"))
                .containsExactly("_plan.json", chunks.get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "notes.txt",
                "other.parquet",
                "lang=en/a.parquet",
                "_failed/thesis.tex",
                "_input/thesis.tex",
                "_unfinished/thesis.tex",
                "_states/thesis.tex"
            })
    void whatReadersWouldTakeForResultsIsNamed(String name) throws IOException {
        RunDirectory run = begun();
        output.touch(chunks.get(0), "_SUCCESS", "_notes", ".hidden", "_failed/" + PART);
        run.requireNothingElse();
        output.write(name, "important");

        assertThatThrownBy(run::requireNothingElse)
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot write " + output.path() + ": there is a file in it that is no part of the run: "
                        + (name.startsWith("lang") ? "lang=en" : name)
                        + "; move it away: it would be read as results, or removed with them");
    }

    @Test
    void aDirectoryIsTakenByWhatNoRunLeavesBeforeItsPlan() throws IOException {
        RunDirectory run = output.run();
        assertThat(run.isTaken()).as("not there").isFalse();
        output.history().begin("embed", Instant.EPOCH);
        output.touch("_input/" + PART, "_unfinished/" + OTHER + ".0.1");
        output.write("_plan.json.next.a-run", "{");
        assertThat(run.isTaken()).as("a run that was killed").isFalse();

        output.touch("_input/thesis.tex");
        assertThat(run.isTaken()).as("a file of somebody else").isTrue();
        Files.delete(output.path().resolve("_input/thesis.tex"));
        output.touch(OTHER);
        assertThat(run.isTaken()).as("chunks of no plan").isTrue();
    }

    @Test
    void whatTasksAndCopiesLeftIsRemovedApart() throws IOException {
        RunDirectory run = begun();
        output.touch("_input/" + PART, "_unfinished/" + OTHER + ".0.1");

        run.removeUnfinished();
        assertThat(output.content()).contains("_input/" + PART).noneMatch(name -> name.startsWith("_unfinished"));
        run.removeCopy();
        assertThat(output.content()).noneMatch(name -> name.startsWith("_input"));
    }

    @Test
    void filesOfTheCopyAreKnownByTheirPlace() throws IOException {
        RunDirectory run = output.run();

        assertThat(run.isCopy("file:" + output.path() + "/_input/" + PART)).isTrue();
        assertThat(run.isCopy("file:" + output.path() + "/_input.txt")).isFalse();
        assertThat(run.isCopy("file:/elsewhere/_input/" + PART)).isFalse();
    }

    private RunDirectory begun() throws IOException {
        RunDirectory run = output.run();
        run.begin("embed", Instant.EPOCH);
        run.begin(plan);
        assertThat(run.plan()).isEqualTo(Optional.of(plan));
        return run;
    }
}
