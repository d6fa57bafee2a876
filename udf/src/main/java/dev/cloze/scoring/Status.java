package dev.cloze.scoring;

import java.util.Locale;

/** What became of a row. */
public enum Status {
    OK,
    NO_MASK,
    TOO_LONG,
    EMPTY,
    /** The rows before have fewer candidates of the document than were asked for. */
    FEW_VARIANTS,
    NO_CANDIDATE,
    FAILED;

    /** As it stands in the output: {@code no-mask}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
