package dev.cloze.executor;

import dev.cloze.onnx.OnnxRuntime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/**
 * How many threads compute in an executor: as many as it has cores, whatever Spark makes a task worth. With {@code
 * spark.task.cpus} at 1 every task is one thread, which is the fastest way; with more, tasks share a pool.
 */
final class ExecutorThreads {
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:,\\s*\\d+)?])?");

    private ExecutorThreads() {}

    /** Tells ONNX Runtime, before the first model opens. */
    static void settle() {
        SparkConf conf = SparkEnv.get().conf();
        OnnxRuntime.computeWith(ofARun(cores(conf), conf.getInt("spark.task.cpus", 1)));
    }

    /** The same for a process that scores without tasks: its one thread and all other cores that it may use compute. */
    static void settleHere() {
        // Not a SparkConf, which looks this machine's name up and loads all of Spark's settings.
        OnnxRuntime.computeWith(cores(
                System.getProperty("spark.master", ""), Runtime.getRuntime().availableProcessors()));
    }

    /**
     * Threads of a session run, its task's own included. So many tasks compute at once as fit into the cores; what they leave is
     * the pool that all of them share.
     */
    static int ofARun(int cores, int taskCpus) {
        int tasks = Math.max(1, cores / taskCpus);
        return 1 + Math.max(0, cores - tasks);
    }

    /** Of this executor. Where Spark leaves it open an executor has all cores of its worker. */
    static int cores(SparkConf conf) {
        int all = Runtime.getRuntime().availableProcessors();
        return cores(conf.get("spark.master", ""), conf.getInt("spark.executor.cores", all));
    }

    /** @param unless cores where the master is not this machine */
    private static int cores(String master, int unless) {
        Matcher local = LOCAL.matcher(master);
        if (!local.matches()) {
            return unless;
        }
        if (local.group(1) == null) {
            return 1;
        }
        return local.group(1).equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(local.group(1));
    }
}
