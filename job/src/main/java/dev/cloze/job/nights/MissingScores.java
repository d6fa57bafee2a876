package dev.cloze.job.nights;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.cloze.job.audit.AuditFiles;
import dev.cloze.job.chunks.Batches;
import dev.cloze.job.chunks.ChunkedRun;
import dev.cloze.job.chunks.RunListener;
import dev.cloze.job.chunks.Work;
import dev.cloze.job.files.PlainLocalFileSystem;
import dev.cloze.job.input.BadFiles;
import dev.cloze.job.plan.ChangedFiles;
import dev.cloze.model.ModelSpec;
import dev.cloze.rows.CorpusRow;
import dev.cloze.scoring.Status;
import java.time.Instant;
import java.time.LocalDate;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores the documents of a night that have no score yet, in {@code scoring/date=D/<fingerprint>} of the history: their texts are
 * written there first, then a durable run scores them, so that a night which was killed is resumed. The directory is removed when its
 * scores are in the store.
 *
 * @param store where scores go
 * @param model that scores
 * @param night whose documents these are
 * @param fingerprint of all that the documents depend on
 * @param listener receives messages of the run
 */
record MissingScores(ScoreStore store, NightModel model, LocalDate night, String fingerprint, RunListener listener) {
    private static final String SCORING = "scoring";
    private static final String TEXTS = "texts";
    private static final String RUN = "run";
    private static final String SUCCESS = "_SUCCESS";
    private static final String STATUS = "status";
    /** Texts of a file. */
    private static final long FILE_TEXTS = 20_000;

    /** A text as the scorer takes it; the key is carried along. */
    private static final StructType DOCUMENT = CorpusRow.schema(
            new StructType().add(CorpusRow.ID, DataTypes.StringType).add(TextKey.NAME, DataTypes.BinaryType));

    private AuditFiles files() {
        return store.files();
    }

    private SparkSession spark() {
        return store.spark();
    }

    private Path directory() {
        return files().place(SCORING, AuditFiles.DATE + night, fingerprint);
    }

    /** Finishes what an earlier audit of the same documents left; what was left of others is removed. */
    void finishEarlier() {
        files().list(directory().getParent(), "", "").stream()
                .filter(left -> !left.getName().equals(fingerprint))
                .forEach(files()::removeAll);
        if (haveTexts()) {
            finish();
        } else {
            // What a kill left while it was removed.
            files().removeAll(directory());
        }
    }

    /**
     * Scores texts. Those of the same keys make the same files, byte for byte, and so the same batches, so that the figures of a night
     * which was killed are those of an undisturbed one.
     *
     * @param count of them
     * @param texts rows of id, key and text, the keys of which are distinct
     */
    void score(long count, Dataset<Row> texts) {
        Path scratch = files().place(AuditFiles.UNFINISHED, UUID.randomUUID().toString());
        try {
            write(count, texts, scratch);
            // Another audit of the same documents may have put the same texts there.
            if (!haveTexts()) {
                files().move(scratch, texts());
            }
        } finally {
            files().removeAll(scratch);
        }
        finish();
    }

    private static void write(long count, Dataset<Row> texts, Path place) {
        Column none = lit(null).cast(DataTypes.StringType);
        texts.repartition((int) (1 + count / FILE_TEXTS), col(TextKey.NAME))
                .sortWithinPartitions(TextKey.NAME)
                .select(
                        col(CorpusRow.ID).cast(DataTypes.StringType),
                        col(TextKey.NAME),
                        col(CorpusRow.TEXT),
                        none.as(DOCUMENT.fieldNames()[3]),
                        none.as(CorpusRow.PROBLEM))
                .write()
                .option("compression", "zstd")
                .options(PlainLocalFileSystem.options())
                .parquet(place.toString());
    }

    private Path texts() {
        return new Path(directory(), TEXTS);
    }

    private boolean haveTexts() {
        return files().exists(new Path(texts(), SUCCESS));
    }

    private void finish() {
        store.add(night, scores());
        // Without this mark nobody takes for a night's texts what a kill leaves of them.
        files().removeAll(new Path(texts(), SUCCESS));
        files().removeAll(directory());
    }

    private Dataset<Row> scores() {
        ChunkedRun.readInChunks(spark());
        Dataset<Row> texts = spark().read().schema(DOCUMENT).parquet(texts().toString());
        ChunkedRun run = ChunkedRun.open(
                spark(), new Path(directory(), RUN), model.identity().parts());
        run.requireSame();
        Work work = work(texts);
        run.begin(Instant.now());
        run.score(work, model.partitions(), Batches.WITHIN_CHUNKS, ChangedFiles.REFUSE, listener);
        run.requireReadable(BadFiles.FAIL, work);
        return stored(run.rows(work.schema()));
    }

    private Work work(Dataset<Row> texts) {
        StructType schema = texts.schema();
        Broadcast<ModelSpec> spec = JavaSparkContext.fromSparkContext(spark().sparkContext())
                .broadcast(model.choice().spec(model.scoring().head()));
        return new Work(
                texts,
                texts,
                model.scoring().cost(schema),
                model.scoring().scorer(spec, schema),
                model.scoring().schema(schema),
                model.identity().footer(),
                OptionalInt.empty(),
                0);
    }

    /** A document that failed has no score: it is tried again on every night that has it. */
    private Dataset<Row> stored(Dataset<Row> scored) {
        Column isScored = col(STATUS).notEqual(Status.FAILED.label());
        return scored.select(
                col(TextKey.NAME),
                lit(night).as(ScoreStore.FIRST_NIGHT),
                when(isScored, col(ScoreStore.TOKENS)).as(ScoreStore.TOKENS),
                when(isScored, col(ScoreStore.NLL)).as(ScoreStore.NLL));
    }
}
