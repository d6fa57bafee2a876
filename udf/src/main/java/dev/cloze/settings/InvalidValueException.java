package dev.cloze.settings;

/** A value that a setting cannot have, with a reason of its own. The message continues the name of the setting: "must be …". */
public final class InvalidValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidValueException(String message) {
        super(message);
    }
}
