package dev.cloze.job.chunks;

import dev.cloze.job.corpus.Secrets;
import java.io.Serializable;

/** A file of the corpus that could not be read when it was to be scored. Not a record: Kryo cannot read those. */
final class Unread implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String reason;

    /** @param reason on one line */
    Unread(String path, String reason) {
        this.path = Secrets.location(path);
        this.reason = reason;
    }

    String path() {
        return path;
    }

    String reason() {
        return reason;
    }
}
