package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.chunks.PlanReconciler.Reconciled;
import dev.cloze.job.output.RunDirectory;
import dev.cloze.job.plan.ChangedFiles;
import dev.cloze.job.plan.RunPlan;
import dev.cloze.job.plan.Split;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of a corpus of some lines, which no model scores. Every line costs 500, so that two of them are a chunk. */
class PlanReconcilerTest {
    @TempDir
    Path directory;

    private SparkSession spark;
    private Path corpus;
    private RunDirectory output;

    @BeforeEach
    void writeCorpus() throws IOException {
        spark = Runner.spark().newSession();
        Split.prepare(spark);
        corpus = directory.resolve("corpus");
        new Corpora(corpus).lines("a.txt", "one", "two", "three");
        new Corpora(corpus).lines("b.txt", "four");
        output = RunDirectory.in(
                new org.apache.hadoop.fs.Path(directory.resolve("out").toString()), spark);
        output.begin("fill-mask", Instant.EPOCH);
    }

    @Test
    void aNewPlanIsWrittenDown() throws IOException {
        Reconciled reconciled = reconcile(Optional.empty(), ChangedFiles.REFUSE);

        assertThat(reconciled.plan().files().values()).containsExactly(2L, 1L, 1L);
        assertThat(output.plan()).contains(reconciled.plan());
        assertThat(reconciled.splits()).hasSize(2);
        assertThat(reconciled.plan().chunks(reconciled.splits())).hasSize(3);
    }

    @Test
    void aPlanOfTheSameCorpusIsNotTouched() throws IOException {
        RunPlan plan = reconcile(Optional.empty(), ChangedFiles.REFUSE).plan();
        Path mark = Files.writeString(directory.resolve("out/_SUCCESS"), "");

        assertThat(reconcile(Optional.of(plan), ChangedFiles.REFUSE).plan()).isEqualTo(plan);
        assertThat(reconcile(Optional.of(plan), ChangedFiles.SCORE_ANEW).plan()).isEqualTo(plan);
        assertThat(mark).exists();
    }

    @Test
    void filesThatChangedCameOrWentAreNamedAndRefused() throws IOException {
        RunPlan plan = reconcile(Optional.empty(), ChangedFiles.REFUSE).plan();
        Path mark = Files.writeString(directory.resolve("out/_SUCCESS"), "");
        Files.delete(corpus.resolve("a.txt"));
        Files.setLastModifiedTime(corpus.resolve("b.txt"), FileTime.fromMillis(1_000));
        new Corpora(corpus).lines("c.txt", "five");
        new Corpora(corpus).lines("d.txt", "six");

        assertThatThrownBy(() -> reconcile(Optional.of(plan), ChangedFiles.REFUSE))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot resume " + directory + "/out: the corpus changed: file:" + corpus + "/a.txt, file:"
                        + corpus + "/b.txt, file:" + corpus + "/c.txt and 1 more; score what changed with --refresh, or"
                        + " begin anew with --overwrite");
        assertThat(output.plan()).contains(plan);
        assertThat(mark).exists();
    }

    @Test
    void whatDidNotChangeKeepsItsChunksAndTheRestIsPlannedAnew() throws IOException {
        RunPlan plan = reconcile(Optional.empty(), ChangedFiles.REFUSE).plan();
        List<String> before = List.copyOf(plan.files().keySet());
        Path mark = Files.writeString(directory.resolve("out/_SUCCESS"), "");
        new Corpora(corpus).lines("b.txt", "four", "five", "six");

        RunPlan now = reconcile(Optional.of(plan), ChangedFiles.SCORE_ANEW).plan();

        assertThat(now.run()).isEqualTo(plan.run());
        assertThat(now.files().values()).containsExactly(2L, 1L, 2L, 1L);
        assertThat(now.files().keySet())
                .startsWith(before.get(0), before.get(1))
                .doesNotContain(before.get(2));
        assertThat(output.plan()).contains(now);
        assertThat(mark).doesNotExist();
    }

    @Test
    void aFileThatCouldNotBeReadIsTriedAnewByTheSameCommand() throws IOException {
        RunPlan plan = reconcile(Optional.empty(), ChangedFiles.REFUSE).plan();
        RunPlan without = plan.without(Map.of("file:" + corpus + "/a.txt", "no such host"));
        assertThat(without.files()).hasSize(1);

        assertThat(reconcile(Optional.of(without), ChangedFiles.REFUSE).plan()).isEqualTo(plan);
    }

    @Test
    void rowsThatDoNotComeStraightFromFilesAreCopiedOnce() throws IOException {
        Reconciled first = reconcileCopied(Optional.empty(), ChangedFiles.REFUSE);

        assertThat(first.plan().sources()).hasSize(2).allMatch(name -> name.startsWith("file:" + corpus));
        assertThat(first.splits()).allMatch(split -> output.isCopy(split.path()));
        assertThat(first.rows().count()).isEqualTo(4);
        Reconciled again = reconcileCopied(Optional.of(first.plan()), ChangedFiles.REFUSE);
        assertThat(again.plan()).isEqualTo(first.plan());
        assertThat(again.splits()).as("the same files of the copy").isEqualTo(first.splits());
    }

    @Test
    void aCopyOfAnotherCorpusIsNotRead() throws IOException {
        RunPlan plan = reconcileCopied(Optional.empty(), ChangedFiles.REFUSE).plan();
        new Corpora(corpus).lines("b.txt", "four", "five");

        assertThatThrownBy(() -> reconcileCopied(Optional.of(plan), ChangedFiles.REFUSE))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining("the corpus changed: file:" + corpus + "/b.txt; ");
        assertThat(reconcileCopied(Optional.of(plan), ChangedFiles.SCORE_ANEW)
                        .rows()
                        .count())
                .isEqualTo(5);
    }

    @Test
    void aCopyWithoutAPlanIsMadeAnew() throws IOException {
        reconcileCopied(Optional.empty(), ChangedFiles.REFUSE);
        new Corpora(corpus).lines("b.txt", "four", "five");

        assertThat(reconcileCopied(Optional.empty(), ChangedFiles.REFUSE).rows().count())
                .isEqualTo(5);
    }

    private Reconciled reconcile(Optional<RunPlan> earlier, ChangedFiles changes) throws IOException {
        Dataset<Row> texts = texts();
        return reconcile(earlier, changes, texts, texts);
    }

    private Reconciled reconcileCopied(Optional<RunPlan> earlier, ChangedFiles changes) throws IOException {
        return reconcile(earlier, changes, texts(), texts().repartition(1));
    }

    private Dataset<Row> texts() {
        return spark.read().text(corpus.toString());
    }

    private Reconciled reconcile(
            Optional<RunPlan> earlier, ChangedFiles changes, Dataset<Row> documents, Dataset<Row> arranged)
            throws IOException {
        Work work = new Work(
                documents,
                arranged,
                row -> 500,
                (rows, meter) -> rows,
                arranged.schema(),
                Map.of(),
                OptionalInt.empty(),
                0);
        return new PlanReconciler(output, earlier, new TreeMap<>(Map.of("command", "fill-mask")), changes)
                .reconcile(work, OptionalInt.empty());
    }
}
