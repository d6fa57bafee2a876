package dev.cloze.job.plan;

import static dev.cloze.job.plan.Plans.identity;
import static dev.cloze.job.plan.Plans.planned;
import static dev.cloze.job.plan.Plans.split;
import static dev.cloze.job.plan.Plans.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.plan.RunPlan.PlannedSplit;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.errors.QueryExecutionErrors;
import org.junit.jupiter.api.Test;

/** Partitions are numbers of rows here, each of the cost of 100; {@code -1} cannot be read, {@code -2} must not be. */
class RunPlannerTest {
    private static final String EMPTY = EmptyFiles.PROBLEM;

    @Test
    void aSmallCorpusHasChunksOfAboutASecond() {
        RunPlan plan = planner(List.of(split(0, "/c/a.txt", 0, 64), split(1, "/c/b.txt", 0, 9)), 25, 3)
                .first(OptionalInt.empty());

        assertThat(rows(plan)).containsExactly(List.of(10L, 10L, 5L), List.of(3L));
        assertThat(plan.cutting()).isEqualTo(new ChunkCutter(1_000, 1));
        assertThat(plan.sources()).containsExactly("a source");
        assertThat(plan.identity()).isEqualTo(identity("fill-mask"));
    }

    @Test
    void everyRunHasANameOfItsOwn() {
        RunPlanner planner = planner(List.of(split(0, "/c/a.txt", 0, 64)), 1);

        assertThat(planner.first(OptionalInt.empty()).run())
                .isNotEqualTo(planner.first(OptionalInt.empty()).run());
    }

    @Test
    void aLargerCorpusHasChunksOfSeveralPieces() {
        RunPlan plan = planner(List.of(split(0, "/c/a.txt", 0, 64)), 650).first(OptionalInt.empty());

        // 65 pieces of ten rows each: two together make more than 32 chunks.
        assertThat(plan.cutting()).isEqualTo(new ChunkCutter(1_000, 2));
        assertThat(rows(plan).get(0)).hasSize(33).startsWith(20L).endsWith(10L);
    }

    @Test
    void asManyChunksAreMadeAsAreAskedFor() {
        RunPlan plan = planner(List.of(split(0, "/c/a.txt", 0, 64), split(1, "/c/b.txt", 0, 9)), 60, 20)
                .first(OptionalInt.of(8));

        assertThat(rows(plan)).containsExactly(List.of(10L, 10L, 10L, 10L, 10L, 10L), List.of(10L, 10L));
    }

    @Test
    void aFileOfWhichOneSplitCannotBeReadHasNoChunks() {
        RunPlan plan = planner(
                        List.of(
                                split(1, "/c/a.parquet", 0, 64),
                                split(0, "/c/a.parquet", 64, 64),
                                split(2, "/c/b.parquet", 0, 64)),
                        -1,
                        5,
                        7)
                .first(OptionalInt.empty());

        assertThat(rows(plan)).containsExactly(List.of(), List.of(), List.of(7L));
        assertThat(plan.problems()).containsOnlyKeys("/c/a.parquet");
        assertThat(plan.splits()).extracting(PlannedSplit::isReadable).containsExactly(false, false, true);
    }

    @Test
    void aFileWithoutBytesIsNotRead() {
        RunPlan plan = planner(List.of(split(Split.UNREAD, "/c/a.parquet", 0, 0), split(0, "/c/b.parquet", 0, 64)), 2)
                .first(OptionalInt.empty());

        assertThat(plan.problems()).containsExactly(Map.entry("/c/a.parquet", EMPTY));
        assertThat(rows(plan)).containsExactly(List.of(), List.of(2L));
    }

    @Test
    void whatWasPlannedStaysAsItWasAndTheRestIsCutAlike() {
        RunPlan earlier = new RunPlan(
                "the first run",
                identity("fill-mask"),
                new ChunkCutter(300, 2),
                List.of(),
                List.of(
                        planned("/c/a.txt", 0, 64, 1L, 1L),
                        planned("/c/gone.txt", 0, 9, 5L),
                        unreadable("/c/mended.txt", "it was cut off")));

        // The first split is not read again.
        RunPlan again = planner(
                        List.of(
                                split(0, "/c/a.txt", 0, 64),
                                split(1, "/c/mended.txt", 0, 64),
                                split(2, "/c/new.txt", 0, 9)),
                        -2,
                        8,
                        2)
                .again(earlier);

        assertThat(again.run()).isEqualTo("the first run");
        assertThat(again.cutting()).isEqualTo(new ChunkCutter(300, 2));
        assertThat(again.splits())
                .extracting(PlannedSplit::path)
                .containsExactly("/c/a.txt", "/c/mended.txt", "/c/new.txt");
        assertThat(rows(again)).containsExactly(List.of(1L, 1L), List.of(6L, 2L), List.of(2L));
        assertThat(again.problems()).isEmpty();
    }

    private static List<List<Long>> rows(RunPlan plan) {
        return plan.splits().stream().map(PlannedSplit::rows).toList();
    }

    private static RunPlanner planner(List<Split> splits, Integer... partitions) {
        return new RunPlanner(corpus(partitions), splits, List.of("a source"), identity("fill-mask"), row -> 100);
    }

    private static JavaRDD<Row> corpus(Integer... partitions) {
        return JavaSparkContext.fromSparkContext(Runner.spark().sparkContext())
                .parallelize(List.of(partitions), partitions.length)
                .flatMap(rows -> {
                    if (rows == -2) {
                        throw new IllegalStateException("read again");
                    }
                    if (rows == -1) {
                        throw (Exception) QueryExecutionErrors.cannotReadFilesError(
                                new IOException("the file is cut off"), "file:/c/a.parquet");
                    }
                    return Stream.generate(() -> RowFactory.create("a text"))
                            .limit(rows)
                            .iterator();
                });
    }
}
