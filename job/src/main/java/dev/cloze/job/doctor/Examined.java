package dev.cloze.job.doctor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A JVM and what was found there. Not a record: it comes back from executors, and Kryo cannot read those. */
final class Examined implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String where;
    private final ArrayList<Finding> findings;

    /** @param where the driver, or an executor and its host */
    Examined(String where, List<Finding> findings) {
        this.where = where;
        this.findings = new ArrayList<>(findings);
    }

    String where() {
        return where;
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }
}
