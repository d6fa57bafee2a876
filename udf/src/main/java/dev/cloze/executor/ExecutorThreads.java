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
        OnnxRuntime.computeWith(cores(new SparkConf()));
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
        Matcher local = LOCAL.matcher(conf.get("spark.master", ""));
        int all = Runtime.getRuntime().availableProcessors();
        if (!local.matches()) {
            return conf.getInt("spark.executor.cores", all);
        }
        if (local.group(1) == null) {
            return 1;
        }
        return local.group(1).equals("*") ? all : Integer.parseInt(local.group(1));
    }
}
