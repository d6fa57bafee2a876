package dev.cloze.job.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;

/** Executors read names of files and texts in UTF-8, whatever the locale of their node is. */
final class ExecutorEncoding {
    private static final String LOCALE = "spark.executorEnv.LC_ALL";
    private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";
    private static final String ENCODING = "-Dfile.encoding=";

    private ExecutorEncoding() {}

    /** Settings that are missing in {@code given}. */
    static Map<String, String> settings(SparkConf given) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (!given.contains(LOCALE)) {
            settings.put(LOCALE, "C.UTF-8");
        }
        String options = given.get(JAVA_OPTIONS, "");
        if (!options.contains(ENCODING)) {
            settings.put(JAVA_OPTIONS, (options + " " + ENCODING + "UTF-8").strip());
        }
        return settings;
    }
}
