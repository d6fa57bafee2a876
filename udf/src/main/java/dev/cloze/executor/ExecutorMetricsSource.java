package dev.cloze.executor;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.cloze.scoring.Meter;
import dev.cloze.scoring.Metric;
import dev.cloze.scoring.Metrics;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;

/** What this JVM has scored since it started, in all runs and queries, as a source of Spark's metrics system: {@code cloze.rows} and others. */
final class ExecutorMetricsSource implements Source {
    private static final String NAME = "cloze";
    private static final Metrics SUMS = new Metrics();
    /** Of the last environment of Spark that knows this source: a JVM may have several, one after another. */
    private static SparkEnv known;

    private final MetricRegistry registry = new MetricRegistry();

    private ExecutorMetricsSource(int taskCores) {
        count("rows", Metric.ROWS);
        count("rows_repeated", Metric.REPEATED);
        count("tokens", Metric.TOKENS);
        count("batches", Metric.BATCHES);
        gauge("padding_share", SUMS::paddingShare);
        gauge("tokens_per_second_and_core", () -> SUMS.tokensPerSecond(taskCores));
        for (Metric time : new Metric[] {Metric.TOKENIZE, Metric.PLAN, Metric.RUN, Metric.WRITE}) {
            gauge(time.name().toLowerCase(Locale.ROOT) + "_seconds", () -> SUMS.seconds(time));
        }
    }

    /** Counts for this executor, whose metrics say it. */
    static Meter meter() {
        register(SparkEnv.get());
        return SUMS;
    }

    private static synchronized void register(SparkEnv spark) {
        if (spark != known) {
            spark.metricsSystem()
                    .registerSource(new ExecutorMetricsSource(spark.conf().getInt("spark.task.cpus", 1)));
            known = spark;
        }
    }

    private void count(String name, Metric metric) {
        registry.register(name, (Gauge<Long>) () -> SUMS.of(metric));
    }

    private void gauge(String name, DoubleSupplier value) {
        registry.register(name, (Gauge<Double>) value::getAsDouble);
    }

    @Override
    public String sourceName() {
        return NAME;
    }

    @Override
    public MetricRegistry metricRegistry() {
        return registry;
    }
}
