package dev.cloze.sql;

import dev.cloze.bundle.Bundle;
import dev.cloze.importing.TinyBert;
import dev.cloze.spark.ClozeExtensions;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** One local session of the tested Spark, with the functions and the tiny model. */
final class Sessions {
    private static final Bundle TINY = TinyBert.write(
            Path.of("target", "tiny-model-" + ProcessHandle.current().pid()), "tiny");

    private Sessions() {}

    static Bundle tiny() {
        return TINY;
    }

    static SparkSession spark() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.extensions", ClozeExtensions.class.getName())
                .config("spark.cloze.model", TINY.directory().toAbsolutePath().toString())
                // The tiny model knows few words, and none of them well.
                .config("spark.cloze.augment.stopwords", "none")
                .config("spark.cloze.augment.names", "replace")
                .config("spark.cloze.augment.allow-repeats", true)
                .config("spark.cloze.augment.min-probability", 0)
                .getOrCreate();
    }
}
