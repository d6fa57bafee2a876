package dev.cloze.job.doctor;

import dev.cloze.failure.ClozeException;
import java.io.Serializable;

/** What a check found in one JVM. Not a record: it comes back from executors, and Kryo cannot read those. */
final class Finding implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String check;
    private final String found;
    private final String repair;
    private final ClozeException.Kind kind;

    private Finding(String check, String found, String repair, ClozeException.Kind kind) {
        this.check = check;
        this.found = found;
        this.repair = repair;
        this.kind = kind;
    }

    /** Looks, and never fails. */
    static Finding of(Check check) {
        try {
            return new Finding(check.name(), check.look(), "", null);
        } catch (ClozeException e) {
            return new Finding(check.name(), e.problem(), e.repair(), e.kind());
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            return broken(check.name(), e.toString(), "this is a bug of Cloze or of a library it uses");
        }
    }

    static Finding broken(String check, String found, String repair) {
        return new Finding(check, found, repair, ClozeException.Kind.RESOURCES);
    }

    String check() {
        return check;
    }

    boolean isBroken() {
        return kind != null;
    }

    /** Whose turn it is to act, when it is broken. */
    ClozeException.Kind kind() {
        return kind;
    }

    String found() {
        return found;
    }

    /** What to do about it; empty when nothing is broken. */
    String repair() {
        return repair;
    }
}
