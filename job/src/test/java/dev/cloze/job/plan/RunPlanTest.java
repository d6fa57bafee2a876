package dev.cloze.job.plan;

import static dev.cloze.job.plan.Plans.identity;
import static dev.cloze.job.plan.Plans.plan;
import static dev.cloze.job.plan.Plans.planned;
import static dev.cloze.job.plan.Plans.split;
import static dev.cloze.job.plan.Plans.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.input.InputFile;
import dev.cloze.job.plan.RunPlan.PlannedSplit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunPlanTest {
    private static final String FIRST = "chunk-f7519c060ea0ec39d86c.zstd.parquet";
    private static final String SECOND = "chunk-c003a0b12de6d4e18b45.zstd.parquet";
    private static final String EMPTY = "chunk-81c2351037d19441f375.zstd.parquet";

    /** From {@code sha256sum}: with other names, no run of an earlier version could be resumed. */
    @Test
    void aChunkIsNamedByADigestOfWhatIsScoredAndHow() {
        assertThat(plan(planned("/c/a.txt", 0, 64, 2L, 3L)).files())
                .containsExactly(Map.entry(FIRST, 2L), Map.entry(SECOND, 3L));
        assertThat(plan(planned("/c/a.txt", 0, 64, 2L)).fingerprint())
                .isEqualTo("8fc3ebfc9f5723f9465b995fc7119a5c0ee4907a13db14a00a265d4f81010b01");
    }

    @Test
    void whateverElseIsScoredOrHowGivesAnotherName() {
        List<PlannedSplit> others = List.of(
                planned("/c/b.txt", 0, 64, 2L),
                planned("/c/a.txt", 1, 64, 2L),
                planned("/c/a.txt", 0, 65, 2L),
                planned("/c/a.txt", 0, 64, 1L),
                PlannedSplit.of(new Split(0, "/c/a.txt", 1001, 0, 64), List.of(2L), ""));

        assertThat(others).noneMatch(split -> plan(split).files().containsKey(FIRST));
        RunPlan same = plan(planned("/c/a.txt", 0, 64, 2L));
        assertThat(same.files()).containsKey(FIRST);
        RunPlan otherwise = new RunPlan(same.run(), identity("embed"), same.cutting(), same.sources(), same.splits());
        assertThat(otherwise.files()).doesNotContainKey(FIRST);
        assertThat(otherwise.fingerprint()).isNotEqualTo(same.fingerprint());
    }

    @Test
    void chunksKnowTheirPlaceInTheSplitAndInTheFile() {
        RunPlan plan = plan(
                planned("/c/a.txt", 0, 64, 2L, 3L), planned("/c/a.txt", 64, 30, 4L), planned("/c/b.txt", 0, 9, 1L));

        // Spark may read the splits as any partitions.
        List<Chunk> chunks = plan.chunks(
                List.of(split(7, "/c/b.txt", 0, 9), split(5, "/c/a.txt", 64, 30), split(6, "/c/a.txt", 0, 64)));

        assertThat(chunks)
                .extracting(Chunk::file)
                .containsExactlyElementsOf(plan.files().keySet());
        assertThat(chunks).extracting(Chunk::partition).containsExactly(6, 6, 5, 7);
        assertThat(chunks).extracting(Chunk::from).containsExactly(0L, 2L, 0L, 0L);
        assertThat(chunks).extracting(Chunk::number).containsExactly(0L, 2L, 5L, 0L);
        assertThat(chunks).extracting(Chunk::rows).containsExactly(2L, 3L, 4L, 1L);
    }

    @Test
    void aCorpusWithoutRowsHasOneFileUnlessAFileOfItCannotBeRead() {
        assertThat(plan().files()).containsExactly(Map.entry(EMPTY, 0L));
        assertThat(plan(planned("/c/a.txt", 0, 0)).files()).containsExactly(Map.entry(EMPTY, 0L));
        assertThat(plan(unreadable("/c/a.parquet", "it is empty")).files()).isEmpty();
    }

    @Test
    void filesThatArePartsOfOnePlanOnlyHaveChanged() {
        List<String> then = List.of(
                split(0, "/c/a.txt", 0, 64).name(),
                split(1, "/c/gone.txt", 0, 5).name(),
                split(2, "/c/longer.txt", 0, 5).name());
        List<String> now = List.of(
                split(9, "/c/longer.txt", 0, 6).name(),
                split(8, "/c/a.txt", 0, 64).name(),
                new Split(0, "/c/touched.txt", 1, 0, 5).name());

        assertThat(RunPlan.changed(then, now)).containsExactly("/c/gone.txt", "/c/longer.txt", "/c/touched.txt");
        assertThat(RunPlan.changed(then, then)).isEmpty();
    }

    @Test
    void aFileOfTheSameLengthThatWasModifiedHasChanged() {
        String then = new Split(0, "/c/a.txt", 1000, 0, 64).name();
        String now = new Split(0, "/c/a.txt", 2000, 0, 64).name();

        assertThat(RunPlan.changed(List.of(then), List.of(now))).containsExactly("/c/a.txt");
    }

    @Test
    void whatKeepsARunFromBeingResumedIsNamedBothWays() {
        RunPlan plan = plan();

        assertThat(plan.differences(identity("fill-mask"))).isEmpty();
        assertThat(plan.differences(identity("embed"))).containsExactly("command was fill-mask, it is embed");
        assertThat(plan.differences(Map.of("--top-k", "5")))
                .containsExactly("--top-k was absent, it is 5", "command was fill-mask, it is absent");
    }

    @Test
    void secretsOfAnOldPlanAreNotSaid() {
        RunPlan plan = new RunPlan(
                "a run", identity("jdbc:x://me:geheim@host/db"), new ChunkCutter(1, 1), List.of(), List.of());

        assertThat(plan.differences(identity("embed")).toString())
                .contains("host/db")
                .doesNotContain("geheim");
    }

    @Test
    void aPlanWithoutAFileKeepsItsSplitsAndNoChunkOfIt() {
        RunPlan plan =
                plan(planned("/c/a.txt", 0, 64, 2L), planned("/c/b.txt", 0, 64, 4L), planned("/c/b.txt", 64, 9, 1L));

        RunPlan left = plan.without(Map.of("/c/b.txt", "it vanished"));

        assertThat(left.files()).containsExactly(Map.entry(FIRST, 2L));
        assertThat(left.splitNames()).isEqualTo(plan.splitNames());
        assertThat(left.problems()).containsExactly(Map.entry("/c/b.txt", "it vanished"));
        assertThat(left.isUnreadable()).isFalse();
        assertThat(plan.problems()).isEmpty();
        assertThat(left.without(Map.of("/c/a.txt", "it vanished, too")).isUnreadable())
                .isTrue();
        assertThat(plan().isUnreadable()).as("no files").isFalse();
    }

    @Test
    void aFileIsAsLongAsItsLastSplitHasIt() {
        RunPlan plan =
                plan(planned("/c/a.txt", 0, 64, 2L), planned("/c/a.txt", 64, 30, 4L), planned("/c/b.txt", 0, 9, 1L));

        assertThat(plan.inputs())
                .containsExactly(
                        new InputFile("/c/a.txt", 94, Instant.ofEpochSecond(1)),
                        new InputFile("/c/b.txt", 9, Instant.ofEpochSecond(1)));
    }

    @Test
    void theFilesOfACopyAreThoseThatItWasCopiedFrom() {
        RunPlan copied = plan(planned("/out/_input/part-0.pq", 0, 64, 2L));
        RunPlan plan = new RunPlan(
                copied.run(),
                copied.identity(),
                copied.cutting(),
                List.of(split(3, "/c/a\n1.txt", 0, 20).name()),
                copied.splits());

        assertThat(plan.inputs()).containsExactly(new InputFile("/c/a\n1.txt", 20, Instant.ofEpochSecond(1)));
    }
}
