package dev.cloze.job.audit;

import dev.cloze.catalog.Versions;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.rows.StateRows;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.io.EOFException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code runs/date=D/run-<digest>.parquet}: the states of a night, a row a slice. A file's content depends on what was audited and on
 * nothing else: it holds no times.
 */
final class RunFiles implements StoredNights {
    static final String RUNS = "runs";
    private static final String PREFIX = "run-";
    private static final String PARQUET = ".parquet";
    private static final String NIGHT = "night";
    private static final String RUN = "run";
    private static final String CONTENT = "content";
    private static final String SEQUENCE = "sequence";
    private static final String CLOZE = "cloze";

    private final SparkSession spark;
    private final AuditFiles files;
    private final StructType schema;
    private final ParquetRows rows;

    /**
     * @param files of the history
     * @param sliceBy columns that slices are made by
     */
    RunFiles(SparkSession spark, AuditFiles files, List<String> sliceBy) {
        this.spark = spark;
        this.files = files;
        this.schema = schema(sliceBy);
        this.rows = new ParquetRows(spark, schema);
    }

    private static StructType schema(List<String> sliceBy) {
        return StateRows.schema(sliceBy)
                .add(NIGHT, DataTypes.StringType, false)
                .add(RUN, DataTypes.StringType, false)
                .add(CONTENT, DataTypes.StringType, false)
                .add(SEQUENCE, DataTypes.IntegerType, false)
                .add(CLOZE, DataTypes.StringType, false);
    }

    /** Where a night lies in a history. */
    static Path place(AuditFiles files, StoredNight night) {
        return files.place(RUNS, AuditFiles.DATE + night.night().date(), PREFIX + night.run() + PARQUET);
    }

    @Override
    public void write(StoredNight night) {
        List<Row> slices = new ArrayList<>();
        night.night().slices().forEach((slice, state) -> slices.add(row(night, slice, state)));
        Path place = place(files, night);
        if (!files.exists(place)) {
            Path scratch = files.place(AuditFiles.UNFINISHED, UUID.randomUUID().toString());
            files.put(scratch, file -> rows.write(file, slices));
            files.writeBytes(place, files.run(() -> SortedFooter.of(files.content(scratch))));
            files.removeAll(scratch);
        }
    }

    private static Row row(StoredNight night, Slice slice, SliceState state) {
        List<Object> values = new ArrayList<>(StateRows.row(slice, state));
        values.addAll(List.of(
                night.night().date().toString(), night.run(), night.content(), night.sequence(), Versions.of(CLOZE)));
        return RowFactory.create(values.toArray());
    }

    @Override
    public TreeMap<LocalDate, List<StoredNight>> until(LocalDate last) {
        List<LocalDate> dates = files.dates(files.place(RUNS)).stream()
                .filter(date -> !date.isAfter(last))
                .toList();
        TreeMap<LocalDate, List<StoredNight>> nights = new TreeMap<>();
        on(dates).forEach(night -> nights.computeIfAbsent(night.night().date(), any -> new ArrayList<>())
                .add(night));
        return nights;
    }

    /** All runs of {@code date}. */
    List<StoredNight> on(LocalDate date) {
        return on(List.of(date));
    }

    private List<StoredNight> on(List<LocalDate> dates) {
        List<String> there = dates.stream()
                .flatMap(date -> files.list(files.place(RUNS, AuditFiles.DATE + date), PREFIX, PARQUET).stream())
                .map(Path::toString)
                .toList();
        return there.isEmpty() ? List.of() : stored(read(there));
    }

    private List<Row> read(List<String> there) {
        try {
            return spark.read()
                    .schema(schema)
                    .option("__globPaths__", false)
                    .option("parquet.page.verify-checksum.enabled", true)
                    .parquet(there.toArray(String[]::new))
                    .collectAsList();
        } catch (Exception e) {
            // Checked exceptions that Scala does not declare, too.
            if (isUnreachable(e)) {
                throw ClozeException.resources(
                        "read the history " + files.name(),
                        Causes.root(e),
                        "check its permissions and its file system, and run the same command again",
                        e);
            }
            throw damaged(Causes.root(e), e);
        }
    }

    /** Whether the file system failed, and not the content of a file. */
    private static boolean isUnreachable(Exception failure) {
        return Causes.first(failure, IOException.class, e -> e.getCause() == null)
                .filter(e -> !(e instanceof EOFException || e instanceof ChecksumException))
                .isPresent();
    }

    private List<StoredNight> stored(List<Row> all) {
        Map<String, List<Row>> runs = new LinkedHashMap<>();
        all.forEach(row ->
                runs.computeIfAbsent(row.getAs(RUN), any -> new ArrayList<>()).add(row));
        try {
            return runs.values().stream().map(RunFiles::run).toList();
        } catch (RuntimeException e) {
            throw damaged(Causes.firstLine(e), e);
        }
    }

    private static StoredNight run(List<Row> all) {
        Map<Slice, SliceState> slices = new LinkedHashMap<>();
        all.stream()
                .sorted(Comparator.comparing(StateRows::slice, Slice.BY_VALUES))
                .forEach(row -> slices.put(StateRows.slice(row), StateRows.state(row)));
        Row first = all.get(0);
        Night night = new Night(LocalDate.parse(first.<String>getAs(NIGHT)), slices);
        return new StoredNight(night, first.getAs(CONTENT), first.getAs(SEQUENCE));
    }

    private ClozeException damaged(String why, Exception cause) {
        return ClozeException.corpus(
                "read the history " + files.name(),
                "a file in " + RUNS + " is damaged: " + why,
                "remove that file, and audit its night again",
                cause);
    }
}
