package dev.cloze.sql;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/** Counts the rows that queries score, as Spark's own page shows them. */
final class ScoredRowsWatch extends SparkListener {
    private final AtomicLong rows = new AtomicLong();

    private ScoredRowsWatch() {}

    /** Something that asks Spark, and may fail. */
    interface Query {
        void run();
    }

    static long during(SparkSession spark, Query query) {
        ScoredRowsWatch watch = new ScoredRowsWatch();
        spark.sparkContext().addSparkListener(watch);
        try {
            query.run();
            spark.sparkContext().listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        } finally {
            spark.sparkContext().removeSparkListener(watch);
        }
        return watch.rows.get();
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted stage) {
        CollectionConverters.asJava(stage.stageInfo().accumulables()).values().forEach(figure -> {
            String name = figure.name().getOrElse(() -> "");
            if (name.equals("texts scored")) {
                rows.addAndGet((Long) figure.value().get());
            }
        });
    }
}
