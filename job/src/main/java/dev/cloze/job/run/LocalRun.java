package dev.cloze.job.run;

import dev.cloze.failure.ClozeException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;

/** What a run on this machine needs of Spark, so that nobody reaches it from another. */
final class LocalRun {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String PAGE = "spark.ui.enabled";
    private static final String ADDRESS = "spark.driver.bindAddress";
    private static final String HOST = "spark.driver.host";
    /** Spark's pages, and the master and workers of a local cluster, listen where this variable says, or else everywhere. */
    private static final String VARIABLE = "SPARK_LOCAL_IP";

    private LocalRun() {}

    /** Settings that are missing in {@code given} to listen on loopback only; none when {@code master} is a cluster. */
    static Map<String, String> settings(String master, SparkConf given, Map<String, String> environment) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (!master.startsWith("local")) {
            return settings;
        }
        settings.put(PAGE, "false");
        settings.put(ADDRESS, LOOPBACK);
        settings.put(HOST, LOOPBACK);
        settings.keySet().removeIf(given::contains);
        boolean isOpen = master.startsWith("local-cluster") || given.getBoolean(PAGE, false);
        if (isOpen && !environment.containsKey(VARIABLE)) {
            throw ClozeException.user(
                    "start Spark on this machine (" + master + ")",
                    "its pages and workers would listen on every address",
                    "set " + VARIABLE + "=" + LOOPBACK + " in the environment, as bin/cloze does");
        }
        return settings;
    }
}
