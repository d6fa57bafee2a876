package dev.cloze.failure;

/**
 * The one exception meant for a user. Its message follows one grammar, {@code Cannot <do> <thing>: <why>; <repair>}, and
 * its {@link Kind} alone decides the exit code.
 */
public final class ClozeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose turn it is to act. */
    public enum Kind {
        /** Usage or configuration. */
        USER(2),
        /** The corpus cannot be read, or has too many bad rows. */
        CORPUS(4),
        /** The model is missing, damaged, or of the wrong kind. */
        MODEL(5),
        /** Memory, disk, devices, native libraries. */
        RESOURCES(6);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The exit code of a run that ends with this kind of failure. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;
    private final String problem;
    private final String why;
    private final String repair;

    private ClozeException(Kind kind, String what, String why, String repair, Throwable cause) {
        super("Cannot " + what + ": " + why + "; " + repair, cause);
        this.kind = kind;
        this.problem = "Cannot " + what + ": " + why;
        this.why = why;
        this.repair = repair;
    }

    /** Cannot {@code what}: {@code why}; {@code repair}. */
    public static ClozeException user(String what, String why, String repair) {
        return new ClozeException(Kind.USER, what, why, repair, null);
    }

    /** Cannot {@code what}: {@code why}; {@code repair}. */
    public static ClozeException corpus(String what, String why, String repair, Throwable cause) {
        return new ClozeException(Kind.CORPUS, what, why, repair, cause);
    }

    /** Cannot {@code what}: {@code why}; {@code repair}. */
    public static ClozeException model(String what, String why, String repair) {
        return model(what, why, repair, null);
    }

    /** Cannot {@code what}: {@code why}; {@code repair}. */
    public static ClozeException model(String what, String why, String repair, Throwable cause) {
        return new ClozeException(Kind.MODEL, what, why, repair, cause);
    }

    /** Cannot {@code what}: {@code why}; {@code repair}. */
    public static ClozeException resources(String what, String why, String repair, Throwable cause) {
        return new ClozeException(Kind.RESOURCES, what, why, repair, cause);
    }

    public Kind kind() {
        return kind;
    }

    /** The message without its repair. */
    public String problem() {
        return problem;
    }

    /** The reason alone. */
    public String why() {
        return why;
    }

    /** What a user can do about it. */
    public String repair() {
        return repair;
    }
}
