package dev.cloze.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.ModelRegistry;
import dev.cloze.model.ModelSpec;
import dev.cloze.rows.FilledMaskRows;
import dev.cloze.scoring.FillMask;
import dev.cloze.scoring.FilledMask;
import dev.cloze.scoring.Targets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** One open model in a JVM, whatever tasks do. */
class SharedModelTest {
    private final SparkSession spark = Runner.spark();

    @Test
    void twoHundredPartitionsOpenOneModel() {
        scoreInPartitions(1);
        long opened = ModelRegistry.shared().opened();
        int open = ModelRegistry.shared().open();

        scoreInPartitions(200);

        assertThat(ModelRegistry.shared().opened()).isEqualTo(opened);
        // Models of other tests may close meanwhile.
        assertThat(ModelRegistry.shared().open()).isLessThanOrEqualTo(open);
        assertThat(ModelRegistry.shared().leases()).isZero();
    }

    @Test
    void aQueryThatStopsHalfWayGivesItsLeaseBack() {
        Dataset<Row> scored = score(scorer(), documents(10_000).coalesce(1));

        assertThat(scored.limit(3).collectAsList()).hasSize(3);

        assertThat(ModelRegistry.shared().leases()).isZero();
    }

    @Test
    void theScorerSurvivesSerialization() throws Exception {
        PartitionScorer<List<FilledMask>> scorer = scorer();
        List<Row> expected = score(scorer, documents(5)).collectAsList();

        assertThat(score(javaCopy(scorer), documents(5)).collectAsList()).isEqualTo(expected);
    }

    @Test
    void whatIsBroadcastSurvivesKryo() {
        ModelSpec spec = ModelSpec.of(Runner.tiny(), Head.MASKED_LM);
        SerializerInstance kryo = new KryoSerializer(new SparkConf()).newInstance();
        ClassTag<ModelSpec> type = ClassTag$.MODULE$.apply(ModelSpec.class);

        ModelSpec copy = kryo.deserialize(kryo.serialize(spec, type), type);

        assertThat(copy).usingRecursiveComparison().isEqualTo(spec);
    }

    private void scoreInPartitions(int partitions) {
        assertThat(score(scorer(), documents(2000).repartition(partitions))
                        .filter("status = 'ok'")
                        .count())
                .isEqualTo(2000);
    }

    private Dataset<Row> documents(int count) {
        return spark.range(count)
                .selectExpr(
                        "id",
                        "concat('paris is the [MASK] of ', repeat('france ', cast(id % 30 as int))) AS text",
                        "cast(null as string) AS pair",
                        "cast(null as string) AS problem");
    }

    private PartitionScorer<List<FilledMask>> scorer() {
        Broadcast<ModelSpec> spec = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(ModelSpec.of(Runner.tiny(), Head.MASKED_LM));
        FillMask task = new FillMask(3, Targets.any(), LongTexts.WINDOW, false);
        return new PartitionScorer<>(spec, task, new FilledMaskRows(), 512);
    }

    private static Dataset<Row> score(PartitionScorer<List<FilledMask>> scorer, Dataset<Row> documents) {
        return documents.mapPartitions(
                scorer, Encoders.row(PartitionScorer.schema(documents.schema(), new FilledMaskRows())));
    }

    @SuppressWarnings("unchecked")
    private static <T> T javaCopy(T value) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
