package dev.cloze.job.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cloze.bundle.Sha256;
import dev.cloze.job.files.Secrets;
import dev.cloze.job.input.InputFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code _plan.json} in the output: what the run scores, how, and in which chunks. Written before the first chunk, and
 * again when the corpus changed.
 *
 * @param run names the run
 * @param identity what must be the same for another run to resume this one
 * @param cutting how splits were cut into chunks; those of files that come later are cut the same way
 * @param sources what a copied corpus was copied from; empty when it is read where it lies
 * @param splits what the corpus is made of, in its order
 */
public record RunPlan(
        @JsonProperty("run") String run,
        @JsonProperty("identity") TreeMap<String, String> identity,
        @JsonProperty("cutting") ChunkCutter cutting,
        @JsonProperty("sources") List<String> sources,
        @JsonProperty("splits") List<PlannedSplit> splits) {
    private static final int NAME_LENGTH = 20;

    public RunPlan {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(cutting, "cutting");
        Objects.requireNonNull(sources, "sources");
        Objects.requireNonNull(splits, "splits");
    }

    /**
     * A split and its chunks.
     *
     * @param rows of each chunk
     * @param costs of each chunk; none in plans of versions before this was written down
     * @param problem why its file cannot be read; empty when it can
     */
    record PlannedSplit(
            @JsonProperty("path") String path,
            @JsonProperty("modified") long modified,
            @JsonProperty("start") long start,
            @JsonProperty("length") long length,
            @JsonProperty("rows") List<Long> rows,

            @JsonProperty("costs") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<Long> costs,

            @JsonProperty("problem") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            String problem) {
        PlannedSplit {
            // Absent in the file when there is none.
            problem = problem == null ? "" : problem;
            costs = costs == null ? List.of() : costs;
        }

        static PlannedSplit of(Split split, List<Long> rows, String problem) {
            return of(split, rows, List.of(), problem);
        }

        static PlannedSplit of(Split split, CutSplit cut) {
            return of(split, cut.rows(), cut.costs(), cut.problem().orElse(""));
        }

        private static PlannedSplit of(Split split, List<Long> rows, List<Long> costs, String problem) {
            return new PlannedSplit(
                    split.path(), split.modified(), split.start(), split.length(), rows, costs, problem);
        }

        Split split() {
            return new Split(Split.UNREAD, path, modified, start, length);
        }

        String name() {
            return split().name();
        }

        PlannedSplit unread(String reason) {
            return new PlannedSplit(path, modified, start, length, List.of(), List.of(), reason);
        }

        @JsonIgnore
        boolean isReadable() {
            return problem.isEmpty();
        }
    }

    /** What a chunk costs that is as large as chunks are to be. */
    public long chunkCost() {
        return cutting.chunkCost();
    }

    /** All chunks in the order of the corpus; {@code current} tells as which partition each split is read. */
    public List<Chunk> chunks(List<Split> current) {
        Map<String, Integer> partitions = new HashMap<>();
        current.forEach(split -> partitions.put(split.name(), split.partition()));
        Map<String, Long> numbers = new HashMap<>();
        List<Chunk> chunks = new ArrayList<>();
        for (PlannedSplit split : splits) {
            long before = numbers.getOrDefault(split.path, 0L);
            long from = 0;
            for (int i = 0; i < split.rows.size(); i++) {
                long rows = split.rows.get(i);
                long cost = split.costs.isEmpty() ? cutting.chunkCost() : split.costs.get(i);
                String file = fileName(split, from, rows);
                chunks.add(new Chunk(file, partitions.get(split.name()), from, before + from, rows, cost));
                from += rows;
            }
            numbers.put(split.path, before + from);
        }
        return chunks;
    }

    /** Rows of each chunk by its file's name, in the order of the corpus. */
    public Map<String, Long> files() {
        Map<String, Long> files = new LinkedHashMap<>();
        for (PlannedSplit split : splits) {
            long from = 0;
            for (long rows : split.rows) {
                files.put(fileName(split, from, rows), rows);
                from += rows;
            }
        }
        return files.isEmpty() && !isUnreadable() ? Map.of(emptyFile(), 0L) : files;
    }

    /** The one file of a corpus without rows, as far as it can be read: readers find the columns in it. */
    public String emptyFile() {
        return fileName(PlannedSplit.of(new Split(Split.UNREAD, "", 0, 0, 0), List.of(), ""), 0, 0);
    }

    /** The files that are scored, in their order, or those that they were copied from. */
    public List<InputFile> inputs() {
        Map<String, InputFile> inputs = new LinkedHashMap<>();
        Stream<Split> read = splits.stream().map(PlannedSplit::split);
        Stream<Split> all = sources.isEmpty() ? read : sources.stream().map(Split::named);
        all.forEach(split -> inputs.merge(split.path(), split.file(), RunPlan::longer));
        return List.copyOf(inputs.values());
    }

    private static InputFile longer(InputFile one, InputFile other) {
        return one.bytes() < other.bytes() ? other : one;
    }

    /** Of nothing but what is scored and how. */
    private String fileName(PlannedSplit split, long from, long rows) {
        String all = identity + "\n" + split.name() + "\n" + from + "\n" + rows;
        String digest = Sha256.of(all.getBytes(StandardCharsets.UTF_8));
        return "chunk-" + digest.substring(0, NAME_LENGTH) + ".zstd.parquet";
    }

    /** The files of splits that are in one list only. */
    public static List<String> changed(List<String> then, List<String> now) {
        Set<String> both = new HashSet<>(then);
        both.retainAll(now);
        return Stream.concat(then.stream(), now.stream())
                .filter(split -> !both.contains(split))
                .map(split -> split.substring(0, split.indexOf('\n')))
                .distinct()
                .sorted()
                .toList();
    }

    /** One word for all of the identity. */
    public String fingerprint() {
        return Sha256.of(identity.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What of {@code other} keeps a run from resuming this one, in words. */
    public List<String> differences(Map<String, String> other) {
        Set<String> keys = new TreeSet<>(other.keySet());
        keys.addAll(identity.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            String then = identity.getOrDefault(key, "absent");
            String now = other.getOrDefault(key, "absent");
            if (!then.equals(now)) {
                // A plan of an earlier version of Cloze may hold secrets.
                differences.add(key + " was " + Secrets.hiddenIn(then) + ", it is " + now);
            }
        }
        return differences;
    }

    public List<String> splitNames() {
        return splits.stream().map(PlannedSplit::name).toList();
    }

    /** Why files cannot be read, by their paths. */
    public SortedMap<String, String> problems() {
        SortedMap<String, String> problems = new TreeMap<>();
        splits.stream()
                .filter(split -> !split.isReadable())
                .forEach(split -> problems.putIfAbsent(split.path(), split.problem()));
        return problems;
    }

    /** The plan of the same run without the files of {@code problems}, reasons by paths. */
    public RunPlan without(Map<String, String> problems) {
        List<PlannedSplit> left = splits.stream()
                .map(split -> problems.containsKey(split.path()) ? split.unread(problems.get(split.path())) : split)
                .toList();
        return new RunPlan(run, identity, cutting, sources, left);
    }

    /** Whether there are files, and none of them can be read. */
    @JsonIgnore
    public boolean isUnreadable() {
        return !splits.isEmpty() && splits.stream().noneMatch(PlannedSplit::isReadable);
    }
}
