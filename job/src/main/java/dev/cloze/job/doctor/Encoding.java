package dev.cloze.job.doctor;

import dev.cloze.failure.ClozeException;

/**
 * Names of files, and what stands on a command line, are read in UTF-8.
 *
 * @param names how Java reads names of files and arguments: from the locale, when it starts
 * @param text how it reads text of which nobody says the encoding
 */
record Encoding(String names, String text) implements Check {
    private static final String UTF_8 = "UTF-8";

    static Encoding ofThisJvm() {
        return new Encoding(System.getProperty("sun.jnu.encoding", UTF_8), System.getProperty("file.encoding", UTF_8));
    }

    @Override
    public String name() {
        return "encoding";
    }

    @Override
    public String look() {
        if (!names.equalsIgnoreCase(UTF_8) || !text.equalsIgnoreCase(UTF_8)) {
            throw ClozeException.resources(
                    "read names of files in UTF-8",
                    "the locale makes Java read them in " + names + ", and text in " + text,
                    "set LC_ALL=C.UTF-8 in the environment of the driver and of the executors (spark.executorEnv.LC_ALL), and"
                            + " -Dfile.encoding=UTF-8 in spark.driver.extraJavaOptions and spark.executor.extraJavaOptions",
                    null);
        }
        return UTF_8;
    }
}
