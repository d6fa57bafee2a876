package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** Which settings Spark gets; that nothing listens elsewhere then is tested with processes. */
class LocalRunTest {
    private final SparkConf nothing = new SparkConf(false);

    @Test
    void aRunOnThisMachineListensOnLoopback() {
        assertThat(LocalRun.settings("local[1]", nothing, Map.of()))
                .containsOnly(
                        Map.entry("spark.ui.enabled", "false"),
                        Map.entry("spark.driver.bindAddress", "127.0.0.1"),
                        Map.entry("spark.driver.host", "127.0.0.1"));
    }

    @Test
    void aClusterMustReachItsDriver() {
        assertThat(LocalRun.settings("spark://host:7077", nothing, Map.of())).isEmpty();
    }

    @Test
    void whatWasAskedForStays() {
        SparkConf given = new SparkConf(false).set("spark.driver.bindAddress", "10.0.0.1");

        assertThat(LocalRun.settings("local", given, Map.of())).doesNotContainKey("spark.driver.bindAddress");
    }

    @Test
    void aPageThatWouldListenEverywhereIsRefused() {
        SparkConf given = new SparkConf(false).set("spark.ui.enabled", "true");

        assertThatThrownBy(() -> LocalRun.settings("local[1]", given, Map.of()))
                .hasMessage(
                        "Cannot start Spark on this machine (local[1]): its pages and workers would listen on every address;"
                                + " set SPARK_LOCAL_IP=127.0.0.1 in the environment, as bin/cloze does");
        assertThatThrownBy(() -> LocalRun.settings("local-cluster[2,1,1024]", nothing, Map.of()))
                .hasMessageContaining("SPARK_LOCAL_IP");
        assertThat(LocalRun.settings("local-cluster[2,1,1024]", nothing, Map.of("SPARK_LOCAL_IP", "127.0.0.1")))
                .isNotEmpty();
    }

    @Test
    void executorsGetUtf8BesideTheirOwnOptions() {
        SparkConf given = new SparkConf(false).set("spark.executor.extraJavaOptions", "-Djava.io.tmpdir=/tmp");

        assertThat(ExecutorEncoding.settings(given))
                .containsEntry("spark.executorEnv.LC_ALL", "C.UTF-8")
                .containsEntry("spark.executor.extraJavaOptions", "-Djava.io.tmpdir=/tmp -Dfile.encoding=UTF-8");
    }
}
