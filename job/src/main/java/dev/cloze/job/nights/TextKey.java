package dev.cloze.job.nights;

import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.unhex;

import org.apache.spark.sql.Column;

/** The first 128 bits of the SHA-256 of a text: what a score is found by. Two of 10⁹ texts share one with a chance of 10⁻²¹. */
final class TextKey {
    static final String NAME = "cloze_key";

    private static final int BITS = 256;
    private static final int BYTES = 16;

    private TextKey() {}

    /** Null where there is no text. */
    static Column of(Column text) {
        return substring(unhex(sha2(text.cast("binary"), BITS)), 1, BYTES);
    }
}
