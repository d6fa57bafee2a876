package dev.cloze.job.nights;

import dev.cloze.bundle.Sha256;
import dev.cloze.failure.ClozeException;
import java.nio.charset.StandardCharsets;

/**
 * What a document's figures are measured with: figures of two scales are never put together.
 *
 * @param name of the model, for messages
 * @param model its digest
 * @param method definition of the figures
 * @param longTexts what becomes of texts that are longer than the model
 */
public record NightScale(String name, String model, String method, String longTexts) {
    private static final int DIGITS = 16;

    /** Names the scale in a history: that of a model which was renamed is the same. */
    String key() {
        String all = model + "\n" + method + "\n" + longTexts;
        return Sha256.of(all.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }

    /** Fails when the nights of {@code history}, which have this scale, would get one of another. */
    void requireSame(NightScale asked, String history) {
        if (!key().equals(asked.key())) {
            throw ClozeException.user(
                    "add to the history " + history,
                    "its nights were scored by " + words() + ", not by " + asked.words(),
                    "use the same model and method, or another --history");
        }
    }

    private String words() {
        return name + " (" + model.substring(0, Math.min(DIGITS, model.length())) + ", " + method + ", long texts: "
                + longTexts + ")";
    }
}
