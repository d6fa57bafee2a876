package dev.cloze.job.chunks;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.UnreadableFiles;
import dev.cloze.job.output.RunDirectory;
import dev.cloze.job.plan.ChangedFiles;
import dev.cloze.job.plan.EmptyFiles;
import dev.cloze.job.plan.RunPlan;
import dev.cloze.job.plan.RunPlanner;
import dev.cloze.job.plan.Split;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Brings the plan of a run in line with the corpus as it is now.
 *
 * @param files of the run
 * @param earlier the plan that is there
 * @param identity of the run, for a new plan
 * @param changes what becomes of files that are not what the plan has
 */
record PlanReconciler(
        RunDirectory files, Optional<RunPlan> earlier, TreeMap<String, String> identity, ChangedFiles changes) {

    /**
     * A plan that fits the corpus as it is now.
     *
     * @param rows of the corpus, straight from files
     * @param splits as which Spark reads them
     */
    record Reconciled(RunPlan plan, Dataset<Row> rows, List<Split> splits) {}

    /** @param pieces chunks to cut the corpus into, about so many */
    Reconciled reconcile(Work work, OptionalInt pieces) throws IOException {
        List<String> sources = sources(work.documents(), work.arranged());
        Dataset<Row> rows = inFiles(work.arranged(), sources);
        List<Split> splits = Split.of(rows).orElseThrow();
        RunPlanner planner =
                new RunPlanner(rows.javaRDD(), withEmptyFiles(splits, rows), sources, identity, work.cost());
        return new Reconciled(plan(planner, pieces), rows, splits);
    }

    /** Splits that a corpus is copied from; none when it is not copied, or does not come from files. */
    private static List<String> sources(Dataset<Row> documents, Dataset<Row> arranged) {
        if (Split.of(arranged).isPresent()) {
            return List.of();
        }
        return Split.of(documents).orElse(List.of()).stream().map(Split::name).toList();
    }

    /** The same rows, from files: their own, or a copy of this run's. */
    private Dataset<Row> inFiles(Dataset<Row> arranged, List<String> sources) throws IOException {
        if (earlier.isEmpty()) {
            // A copy without a plan is of a corpus that nobody knows any more.
            files.removeCopy();
        } else if (!earlier.get().sources().equals(sources)) {
            requireRefresh(RunPlan.changed(earlier.get().sources(), sources));
            files.removeCopy();
        }
        return Split.of(arranged).isPresent() ? arranged : files.copyOf(arranged);
    }

    private static List<Split> withEmptyFiles(List<Split> splits, Dataset<Row> rows) {
        return Stream.concat(splits.stream(), EmptyFiles.of(rows).stream())
                .sorted(Split.ORDER)
                .toList();
    }

    /** Files that could not be read are tried anew. */
    private RunPlan plan(RunPlanner planner, OptionalInt pieces) throws IOException {
        RunPlan plan = earlier.isEmpty() ? planner.first(pieces) : again(planner, earlier.get());
        if (!Optional.of(plan).equals(earlier)) {
            files.begin(plan);
        }
        return plan;
    }

    private RunPlan again(RunPlanner planner, RunPlan before) {
        List<String> changed = RunPlan.changed(
                before.splitNames(), planner.splits().stream().map(Split::name).toList());
        if (!changed.isEmpty()) {
            requireRefresh(changed);
        }
        return changed.isEmpty() && before.problems().isEmpty() ? before : planner.again(before);
    }

    private void requireRefresh(List<String> changed) {
        if (changes == ChangedFiles.REFUSE) {
            throw ClozeException.user(
                    "resume " + files.name(),
                    "the corpus changed: " + UnreadableFiles.firstFew(changed),
                    "score what changed with --refresh, or begin anew with --overwrite");
        }
    }
}
