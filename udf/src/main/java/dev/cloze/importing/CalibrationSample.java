package dev.cloze.importing;

import dev.cloze.bundle.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The texts on which is measured how large a model's activations get.
 *
 * @param texts in their order
 */
public record CalibrationSample(List<String> texts) {
    /** More change the figures little: which channels are large is a property of the model. */
    public static final int MOST = 128;

    /** Fewer say little about the model, whose 8-bit version stays. */
    static final int LEAST = 32;

    public CalibrationSample {
        texts = List.copyOf(texts);
    }

    /** Texts from {@code all} at equal distances; blank ones are left out. */
    public static CalibrationSample of(List<String> all) {
        List<String> texts = all.stream().filter(text -> !text.isBlank()).toList();
        int count = Math.min(MOST, texts.size());
        return new CalibrationSample(IntStream.range(0, count)
                .mapToObj(i -> texts.get((int) ((long) i * texts.size() / count)))
                .toList());
    }

    /** sha256 of the texts. */
    public String digest() {
        return Sha256.of(String.join("\n", texts).getBytes(StandardCharsets.UTF_8));
    }
}
