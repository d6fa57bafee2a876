package dev.cloze.job.records;

import java.io.IOException;
import java.io.UncheckedIOException;

/** No file of a corpus of tables has a first row that can be read, and so nobody knows its columns. */
public final class UnreadableFirstRow extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    UnreadableFirstRow(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
