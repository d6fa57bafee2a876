package dev.cloze.job.run;

import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The session of a run: what spark-submit says, or all cores of this machine. */
public final class SparkSessions {
    /**
     * Spark pretends that opening a file costs as much as reading 4 MB, and so reads a small corpus on one core. Scoring a
     * megabyte takes minutes: smaller pieces are worth it.
     */
    private static final String OPEN_COST = "spark.sql.files.openCostInBytes";

    private static final String SMALL = "8192";
    /** Some pieces for each core, so that no core waits long for the last one. */
    private static final String PIECES = "spark.sql.files.minPartitionNum";

    private static final int PIECES_OF_A_CORE = 4;
    private static final String MASTER = "spark.master";
    private static final String HERE = "local[*]";

    private SparkSessions() {}

    /** Whether tasks would run in this process: nobody named a cluster. */
    static boolean isThisProcess() {
        // As spark-submit leaves it; a SparkConf would look this machine's name up and load all of Spark's settings.
        return System.getProperty(MASTER, HERE).matches("local(\\[.*)?");
    }

    /** Lends a session to {@code work}; stops it afterwards if it was started for it. */
    public static void with(String name, Consumer<SparkSession> work) {
        boolean running = SparkSession.getDefaultSession().isDefined();
        SparkConf given = new SparkConf();
        SparkSession.Builder builder = SparkSession.builder().appName(name);
        String master = given.get(MASTER, HERE);
        builder.master(master);
        if (!running) {
            LocalRun.settings(master, given, System.getenv()).forEach(builder::config);
            ExecutorEncoding.settings(given).forEach(builder::config);
        }
        if (!given.contains(OPEN_COST)) {
            builder.config(OPEN_COST, SMALL);
        }
        SparkSession spark = builder.getOrCreate();
        if (!given.contains(PIECES)) {
            int cores = spark.sparkContext().defaultParallelism();
            spark.conf().set(PIECES, Integer.toString(PIECES_OF_A_CORE * cores));
        }
        try {
            work.accept(spark);
        } finally {
            if (!running) {
                spark.stop();
            }
        }
    }
}
