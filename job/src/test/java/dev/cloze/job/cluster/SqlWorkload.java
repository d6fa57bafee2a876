package dev.cloze.job.cluster;

import dev.cloze.model.ModelRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Queries that score, for {@link SqlOnClusterIT}: a driver of its own. It says what it found, a line each, and after {@code scoring}
 * waits for nothing: that is the time to disturb it.
 */
public final class SqlWorkload {
    static final String SAYS = "workload: ";
    private static final int PARTITIONS = 24;
    private static final int PATIENCE_SECONDS = 120;
    private static final int SOME = 8;
    private static final String QUERY = "SELECT count(*), round(sum(perplexity(text)), 2) FROM texts";

    private SqlWorkload() {}

    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder().getOrCreate();
        spark.udf().register("slow", (UDF1<String, String>) SqlWorkload::slow, DataTypes.StringType);
        spark.range(0, 960, 1, PARTITIONS)
                .selectExpr("concat(repeat('the man worked as a waiter ', 6), id) AS text")
                .createOrReplaceTempView("texts");
        answer(spark, "undisturbed", QUERY);
        Thread watcher = new Thread(() -> {
            await(spark, SOME);
            say("scoring");
        });
        watcher.start();
        answer(spark, "executor lost", QUERY);
        watcher.join();
        spark.sparkContext().addSparkListener(new Copies());
        answer(spark, "speculation", "SELECT count(*), round(sum(perplexity(slow(text))), 2) FROM texts");
        CompletableFuture<Void> cancelled = CompletableFuture.runAsync(
                () -> answer(spark, "never", "SELECT sum(perplexity(a.text)) FROM texts a, texts b"));
        await(spark, 0);
        Thread.sleep(2000);
        spark.sparkContext().cancelAllJobs();
        say("cancelled " + cancelled.handle((none, failure) -> failure != null).join());
        held(spark).forEach(SqlWorkload::say);
        spark.stop();
    }

    /** Makes the first copy of one task wait for the second. */
    private static String slow(String text) throws InterruptedException {
        TaskContext task = TaskContext.get();
        if (task.partitionId() == 0 && task.attemptNumber() == 0) {
            for (int i = 0; i < 600 && !task.isInterrupted(); i++) {
                Thread.sleep(50);
            }
        }
        return text;
    }

    private static void answer(SparkSession spark, String name, String query) {
        say(name + " " + spark.sql(query).head());
    }

    /** Until so many more tasks ended, or one began when that is none. */
    private static void await(SparkSession spark, int tasks) {
        CountDownLatch ended = new CountDownLatch(Math.max(1, tasks));
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                ended.countDown();
            }

            @Override
            public void onTaskStart(SparkListenerTaskStart start) {
                if (tasks == 0) {
                    ended.countDown();
                }
            }
        };
        spark.sparkContext().addSparkListener(listener);
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Not in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
    }

    /** What each executor holds once its tasks are over: {@code held EXECUTOR LEASES OPENED}. */
    private static List<String> held(SparkSession spark) {
        List<Integer> all = IntStream.range(0, SOME).boxed().toList();
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(all, SOME)
                .map(i -> {
                    for (int wait = 0; wait < 200 && ModelRegistry.shared().leases() > 0; wait++) {
                        Thread.sleep(100);
                    }
                    Thread.sleep(300);
                    return "held " + SparkEnv.get().executorId() + " "
                            + ModelRegistry.shared().leases() + " "
                            + ModelRegistry.shared().opened();
                })
                .distinct()
                .collect();
    }

    /** Tells of copies of tasks. */
    private static final class Copies extends SparkListener {
        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskInfo().speculative()) {
                say("a copy " + end.taskInfo().status());
            }
        }
    }

    private static void say(String line) {
        System.out.println(SAYS + line);
        System.out.flush();
    }
}
