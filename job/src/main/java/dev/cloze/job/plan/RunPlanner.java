package dev.cloze.job.plan;

import dev.cloze.job.plan.RunPlan.PlannedSplit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * Makes plans. A file of which one split cannot be read is not scored at all.
 *
 * @param rows the corpus
 * @param splits what it is made of, in its order
 * @param sources what it was copied from, if it was
 * @param identity what must be the same for another run to resume it
 */
public record RunPlanner(
        JavaRDD<Row> rows, List<Split> splits, List<String> sources, TreeMap<String, String> identity, RowCost cost) {

    /** The plan of a run that begins. */
    public RunPlan first(OptionalInt pieces) {
        ChunkCutter single = ChunkCutter.into(pieces, rows, cost);
        Map<Integer, CutSplit> cut = cut(single, split -> true);
        ChunkCutter cutting = pieces.isPresent() ? single : single.joining(cut.values());
        cut.replaceAll((partition, each) -> each.joined(cutting.together()));
        return plan(UUID.randomUUID().toString(), cutting, Map.of(), cut);
    }

    /** The plan of a run that is resumed: splits that were read before stay as they were cut, and the others are cut alike. */
    public RunPlan again(RunPlan earlier) {
        Map<String, PlannedSplit> known = new HashMap<>();
        earlier.splits().stream().filter(PlannedSplit::isReadable).forEach(split -> known.put(split.name(), split));
        Map<Integer, CutSplit> cut = cut(earlier.cutting(), split -> !known.containsKey(split.name()));
        return plan(earlier.run(), earlier.cutting(), known, cut);
    }

    private Map<Integer, CutSplit> cut(ChunkCutter cutting, Predicate<Split> wanted) {
        Set<Integer> partitions = new HashSet<>();
        splits.stream()
                .filter(split -> !split.isEmpty())
                .filter(wanted)
                .forEach(split -> partitions.add(split.partition()));
        Map<Integer, CutSplit> cut = new HashMap<>();
        if (!partitions.isEmpty()) {
            cutting.cut(rows, cost, partitions).forEach(split -> cut.put(split.partition(), split));
        }
        Map<String, String> problems = problems(cut);
        for (Split split : splits) {
            String problem = problems.get(split.path());
            if (problem != null && cut.containsKey(split.partition())) {
                cut.put(split.partition(), CutSplit.unreadable(split.partition(), problem));
            }
        }
        return cut;
    }

    /** Of files, by their paths: the first problem of each. */
    private Map<String, String> problems(Map<Integer, CutSplit> cut) {
        Map<String, String> problems = new HashMap<>();
        for (Split split : splits) {
            if (cut.containsKey(split.partition())) {
                cut.get(split.partition()).problem().ifPresent(problem -> problems.putIfAbsent(split.path(), problem));
            }
        }
        return problems;
    }

    private RunPlan plan(String run, ChunkCutter cutting, Map<String, PlannedSplit> known, Map<Integer, CutSplit> cut) {
        List<PlannedSplit> planned = new ArrayList<>();
        for (Split split : splits) {
            if (known.containsKey(split.name())) {
                planned.add(known.get(split.name()));
            } else if (split.isEmpty()) {
                planned.add(PlannedSplit.of(split, List.of(), EmptyFiles.PROBLEM));
            } else {
                planned.add(PlannedSplit.of(split, cut.get(split.partition())));
            }
        }
        return new RunPlan(run, identity, cutting, sources, planned);
    }
}
