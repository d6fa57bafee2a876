package dev.cloze.job.plan;

import dev.cloze.job.files.Secrets;
import dev.cloze.job.input.InputFile;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.Partition;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;

/**
 * A part of a file that Spark reads as one partition, as {@link #prepare} has it: the same ones on any cluster.
 *
 * @param partition its number among the partitions, or {@link #UNREAD}
 * @param path of the file
 * @param modified when the file was modified, milliseconds since 1970
 * @param start first byte
 * @param length bytes
 */
public record Split(int partition, String path, long modified, long start, long length) {
    /** Small enough that skipping to a chunk's first row costs little beside scoring the chunk. */
    private static final String LARGEST = "16777216";

    private static final Pattern NAME = Pattern.compile("(.*)\\n(-?\\d+)\\n(\\d+)\\n(\\d+)", Pattern.DOTALL);

    /** Settings of a session that would read files in other pieces, or pass over some of them in silence. */
    private static final List<String> UNWANTED = List.of(
            "spark.sql.files.minPartitionNum",
            "spark.sql.files.maxPartitionNum",
            "spark.sql.files.ignoreCorruptFiles",
            "spark.sql.files.ignoreMissingFiles",
            "spark.sql.sources.useV1SourceList",
            "spark.sql.columnNameOfCorruptRecord");

    /** The order of the corpus. */
    public static final Comparator<Split> ORDER =
            Comparator.comparing(Split::path).thenComparingLong(Split::start);

    /** Partition of a split that is not read. */
    static final int UNREAD = -1;

    public Split {
        // It is written down; nothing is read by it.
        path = Secrets.location(path);
    }

    /** Lets Spark read files in pieces that depend on nothing but the files: one piece of one file a partition. */
    public static void prepare(SparkSession spark) {
        spark.conf().set("spark.sql.files.maxPartitionBytes", LARGEST);
        spark.conf().set("spark.sql.files.openCostInBytes", LARGEST);
        UNWANTED.forEach(setting -> spark.conf().unset(setting));
        spark.conf().set("spark.sql.sources.bucketing.enabled", "false");
    }

    /** The splits of {@code rows} in the order of the corpus; absent when these rows do not come straight from files. */
    public static Optional<List<Split>> of(Dataset<Row> rows) {
        Partition[] partitions = rows.rdd().partitions();
        boolean narrow = Arrays.stream(partitions)
                .allMatch(partition -> partition instanceof FilePartition files && files.files().length == 1);
        if (!narrow) {
            return Optional.empty();
        }
        return Optional.of(IntStream.range(0, partitions.length)
                .mapToObj(i -> of(i, ((FilePartition) partitions[i]).files()[0]))
                .sorted(ORDER)
                .toList());
    }

    private static Split of(int partition, PartitionedFile file) {
        return new Split(
                partition, file.filePath().toPath().toString(), file.modificationTime(), file.start(), file.length());
    }

    /** Whether there is nothing to read: see {@link EmptyFiles}. */
    boolean isEmpty() {
        return partition == UNREAD;
    }

    /** The split of a {@link #name}. */
    static Split named(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException(name);
        }
        return new Split(
                UNREAD,
                parts.group(1),
                Long.parseLong(parts.group(2)),
                Long.parseLong(parts.group(3)),
                Long.parseLong(parts.group(4)));
    }

    /** Its file, as far as the split tells: it is as long as its last split has it. */
    InputFile file() {
        return new InputFile(path, start + length, Instant.ofEpochMilli(modified));
    }

    /** What names it: other bytes, or the same at another time, are another split. */
    public String name() {
        return path + "\n" + modified + "\n" + start + "\n" + length;
    }
}
