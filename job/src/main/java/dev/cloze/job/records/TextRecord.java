package dev.cloze.job.records;

/**
 * A record of a file.
 *
 * @param fields of a row of CSV; of anything else the record itself. A field that is not there is null
 * @param problem why it cannot be read, or null
 * @param origin whether its characters are those of the file
 */
record TextRecord(String[] fields, String problem, Origin origin) {
    /** Longer ones are not kept in memory; a text that a model takes is shorter by far. */
    static final int LONGEST = 1 << 26;

    static final char NUL = 0;

    /** Where characters come from. */
    enum Origin {
        /** From the file. */
        DECODED,
        /** Some are U+FFFD because their bytes mean nothing in the file's encoding, or NUL, which UTF-16 looks like in UTF-8. */
        DOUBTFUL
    }

    static TextRecord of(String record, Origin origin) {
        return new TextRecord(new String[] {record}, null, origin);
    }

    /** @param why it cannot be read, and what may be done about it */
    static TextRecord failed(String why, Origin origin) {
        return new TextRecord(new String[] {null}, "Cannot read this row: " + why, origin);
    }

    static TextRecord tooLong(Origin origin) {
        return failed(
                String.format(java.util.Locale.ROOT, "it is longer than %,d characters", LONGEST)
                        + "; cut it into several rows",
                origin);
    }

    /** The beginning of {@code text}, for a message. */
    static String beginning(String text) {
        int end = text.offsetByCodePoints(0, text.codePointCount(0, Math.min(text.length(), 60)));
        return text.substring(0, end);
    }
}
