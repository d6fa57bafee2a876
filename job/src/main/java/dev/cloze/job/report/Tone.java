package dev.cloze.job.report;

/** What a part of a page says of a night; never by its colour alone. */
public enum Tone {
    OK("ok", ""),
    WARMING("warming", "…"),
    WATCH("watch", "W"),
    MUTED("muted", "m"),
    DRIFT("drift", "D");

    private final String style;
    private final String sign;

    Tone(String style, String sign) {
        this.style = style;
        this.sign = sign;
    }

    /** The tone of a verdict, or of the state of a finding, as verdict files spell them. */
    public static Tone of(String word) {
        return switch (word) {
            case "drift" -> DRIFT;
            case "watch" -> WATCH;
            case "muted" -> MUTED;
            case "warming-up" -> WARMING;
            default -> OK;
        };
    }

    /** The class of the style sheet. */
    String style() {
        return style;
    }

    /** The letter in the calendar. */
    String sign() {
        return sign;
    }
}
