package dev.cloze.job.nights;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import dev.cloze.bundle.Sha256;
import dev.cloze.job.audit.AuditFiles;
import dev.cloze.job.audit.SortedFooter;
import dev.cloze.job.files.PlainLocalFileSystem;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code scores/<scale>/<date>-<digest>.parquet}: the scores of all documents that nights had, by the keys of their texts. Files are
 * named by their content and never change; a document stands in several when it was first met without a score, or turned out to be
 * older.
 *
 * @param files of the history
 */
record ScoreStore(SparkSession spark, AuditFiles files, NightScale scale) {
    /** The date of the first night that had the document. */
    static final String FIRST_NIGHT = "first_night";

    /** Scored tokens; null of a document that the model was not asked for, or failed at. */
    static final String TOKENS = "tokens_scored";

    static final String NLL = "nll";

    private static final String SCORES = "scores";
    private static final String PARQUET = ".parquet";
    private static final String SCALE = "_scale.json";
    private static final int DIGITS = 16;
    private static final int DATE_LENGTH = 10;
    /** Rows of a file; about 50 MB. */
    private static final long FILE_ROWS = 2_000_000;

    /** Sorted keys have beginnings in common, and are never equal. */
    private static final Map<String, String> FORMAT = Map.of(
            "compression",
            "zstd",
            "parquet.writer.version",
            "PARQUET_2_0",
            "parquet.enable.dictionary#" + TextKey.NAME,
            "false",
            "parquet.enable.dictionary#" + NLL,
            "false",
            "mapreduce.fileoutputcommitter.marksuccessfuljobs",
            "false");

    /** The columns of the files. */
    static final StructType SCHEMA = new StructType()
            .add(TextKey.NAME, DataTypes.BinaryType)
            .add(FIRST_NIGHT, DataTypes.DateType)
            .add(TOKENS, DataTypes.IntegerType)
            .add(NLL, DataTypes.DoubleType);

    private Path directory() {
        return files.place(SCORES, scale.key());
    }

    private List<Path> parts() {
        return files.list(directory(), "", PARQUET);
    }

    /** The first night of which documents are known. */
    Optional<LocalDate> firstNight() {
        return parts().stream()
                .map(part -> LocalDate.parse(part.getName().substring(0, DATE_LENGTH)))
                .min(LocalDate::compareTo);
    }

    /** What is known of the documents with these {@code keys}, which are distinct: a row for each that is known. */
    Dataset<Row> of(Dataset<Row> keys) {
        return rows().join(keys, TextKey.NAME)
                .groupBy(TextKey.NAME)
                .agg(min(FIRST_NIGHT).as(FIRST_NIGHT), max(TOKENS).as(TOKENS), max(NLL).as(NLL));
    }

    private Dataset<Row> rows() {
        String[] parts = parts().stream().map(Path::toString).toArray(String[]::new);
        return parts.length == 0
                ? spark.createDataFrame(List.of(), SCHEMA)
                : spark.read()
                        .schema(SCHEMA)
                        .option("__globPaths__", false)
                        .option("parquet.page.verify-checksum.enabled", true)
                        .parquet(parts);
    }

    /** Adds {@code rows} of {@link #SCHEMA}, the keys of which are distinct, and which are the same whenever they are computed. */
    void add(LocalDate date, Dataset<Row> rows) {
        long count = rows.count();
        if (count == 0) {
            return;
        }
        files.write(new Path(directory(), SCALE), scale);
        Path scratch = files.place(AuditFiles.UNFINISHED, UUID.randomUUID().toString());
        try {
            sorted(rows, (int) (1 + count / FILE_ROWS))
                    .write()
                    .options(FORMAT)
                    .options(PlainLocalFileSystem.options())
                    .parquet(scratch.toString());
            for (Path part : files.list(scratch, "part-", PARQUET)) {
                byte[] bytes = files.run(() -> SortedFooter.of(files.content(part)));
                String digest = Sha256.of(bytes).substring(0, DIGITS);
                files.writeBytes(new Path(directory(), date + "-" + digest + PARQUET), bytes);
            }
        } finally {
            files.removeAll(scratch);
        }
    }

    /** The same rows make the same files, in whatever order they come. */
    private static Dataset<Row> sorted(Dataset<Row> rows, int parts) {
        return rows.repartition(parts, col(TextKey.NAME)).sortWithinPartitions(TextKey.NAME);
    }
}
