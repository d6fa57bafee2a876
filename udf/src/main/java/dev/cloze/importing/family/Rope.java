package dev.cloze.importing.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/**
 * Rotary positions (Su et al. 2021): by how much one position turns each pair of a head's columns, in radians.
 *
 * @param frequencies half as many as a head has columns
 */
record Rope(float... frequencies) {
    private static final double THETA = 10_000;

    /** As {@code config} says for all layers, in any of the places that transformers has had for it. */
    static Rope of(FamilyConfig config, int size) {
        JsonNode settings = config.value("rope_parameters")
                .or(() -> config.value("rope_scaling"))
                .orElse(config.json().path("none"));
        return of(config, settings, size, config.real("rope_theta", THETA));
    }

    /**
     * As {@code settings} say.
     *
     * @param size columns of a head
     * @param theta when they do not
     */
    static Rope of(FamilyConfig config, JsonNode settings, int size, double theta) {
        double base = settings.path("rope_theta").asDouble(theta);
        if (settings.path("partial_rotary_factor").asDouble(config.real("partial_rotary_factor", 1)) != 1) {
            throw config.unsupported("rotary positions of a part of each head (partial_rotary_factor)");
        }
        if (size % 2 != 0) {
            throw config.unsupported("rotary positions of heads of " + size + " columns");
        }
        float[] plain = new float[size / 2];
        for (int i = 0; i < plain.length; i++) {
            // In the steps and the precision of transformers.
            plain[i] = 1f / (float) Math.pow(base, (float) (2 * i) / size);
        }
        String type = settings.path("rope_type").asText(settings.path("type").asText("default"));
        return switch (type) {
            case "default" -> new Rope(plain);
            case "linear" ->
                new Rope(divided(plain, (float) settings.path("factor").asDouble(1)));
            case "llama3" -> new Rope(stretched(plain, settings, config));
            default -> throw config.unsupported("rotary positions of the type " + type);
        };
    }

    private static float[] divided(float[] frequencies, float factor) {
        float[] slower = frequencies.clone();
        for (int i = 0; i < slower.length; i++) {
            slower[i] /= factor;
        }
        return slower;
    }

    /** Long waves are stretched, short ones stay, and those between are mixed (Llama 3.1). */
    private static float[] stretched(float[] frequencies, JsonNode settings, FamilyConfig config) {
        float factor = (float) settings.path("factor").asDouble(1);
        float low = (float) settings.path("low_freq_factor").asDouble(1);
        float high = (float) settings.path("high_freq_factor").asDouble(1);
        float context = (float) settings.path("original_max_position_embeddings")
                .asDouble(config.size("max_position_embeddings", 2048));
        float[] stretched = frequencies.clone();
        for (int i = 0; i < stretched.length; i++) {
            float wave = (float) (2 * Math.PI) / frequencies[i];
            if (wave > context / low) {
                stretched[i] = frequencies[i] / factor;
            } else if (wave >= context / high) {
                float smooth = (context / wave - low) / (high - low);
                stretched[i] = (1 - smooth) * frequencies[i] / factor + smooth * frequencies[i];
            }
        }
        return stretched;
    }

    @Override
    public String toString() {
        return "Rope" + Arrays.toString(frequencies);
    }
}
