package dev.cloze.executor;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ExecutorThreadsTest {
    @Test
    void threadsOfAllTasksAndThePoolAreTheCoresOfTheExecutor() {
        for (int cores = 1; cores <= 64; cores++) {
            for (int taskCpus = 1; taskCpus <= cores; taskCpus++) {
                int tasks = cores / taskCpus;
                int pool = ExecutorThreads.ofARun(cores, taskCpus) - 1;
                assertThat(tasks + pool).isEqualTo(cores);
            }
        }
    }

    @Test
    void aTaskForEachCoreIsOneThread() {
        assertThat(ExecutorThreads.ofARun(16, 1)).isEqualTo(1);
        assertThat(ExecutorThreads.ofARun(16, 16)).isEqualTo(16);
        assertThat(ExecutorThreads.ofARun(1, 4)).isEqualTo(1);
    }

    @Test
    void coresAreThoseOfTheExecutorOrOfTheLocalMaster() {
        int all = Runtime.getRuntime().availableProcessors();
        assertThat(cores("spark://host:7077", "8")).isEqualTo(8);
        assertThat(cores("spark://host:7077", null)).isEqualTo(all);
        assertThat(cores("local-cluster[2,3,1024]", "3")).isEqualTo(3);
        assertThat(cores("local[5]", null)).isEqualTo(5);
        assertThat(cores("local[5,4]", "1")).isEqualTo(5);
        assertThat(cores("local[*]", null)).isEqualTo(all);
        assertThat(cores("local", null)).isEqualTo(1);
    }

    private static int cores(String master, String executorCores) {
        SparkConf conf = new SparkConf(false).set("spark.master", master);
        if (executorCores != null) {
            conf.set("spark.executor.cores", executorCores);
        }
        return ExecutorThreads.cores(conf);
    }
}
