package dev.cloze.job.records;

import java.io.Closeable;
import java.io.IOException;

/** Records of a file or of a piece of it, one after the other. */
interface RecordSource extends Closeable {

    /** The next one, or null at the end. */
    TextRecord next() throws IOException;
}
