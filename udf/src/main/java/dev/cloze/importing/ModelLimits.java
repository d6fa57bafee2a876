package dev.cloze.importing;

import dev.cloze.failure.ClozeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a process that tries a stranger's model may take.
 *
 * @param time until it is done
 * @param memory bytes beside mapped files; absent for 4 GB and four times the size of the model's files
 */
public record ModelLimits(Duration time, Optional<Long> memory) {
    /** In seconds. */
    static final String TIME = "CLOZE_MODEL_TIME_LIMIT";
    /** In megabytes. */
    static final String MEMORY = "CLOZE_MODEL_MEMORY_LIMIT";

    private static final Duration USUAL_TIME = Duration.ofMinutes(10);
    private static final long USUAL_MEMORY = 4L << 30;
    private static final int COPIES = 4;
    private static final long MEGABYTE = 1 << 20;

    /** As variables of the environment set them. */
    public static ModelLimits of(Map<String, String> environment) {
        return new ModelLimits(
                number(environment, TIME).map(Duration::ofSeconds).orElse(USUAL_TIME),
                number(environment, MEMORY).map(megabytes -> megabytes * MEGABYTE));
    }

    /** Bytes for a model whose files have {@code size} bytes. */
    long memoryFor(long size) {
        return memory.orElse(USUAL_MEMORY + COPIES * size);
    }

    private static Optional<Long> number(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.matches("[1-9][0-9]{0,8}")) {
            throw ClozeException.user(
                    "read the environment variable " + name, "its value is " + value, "give it a whole number");
        }
        return Optional.of(Long.parseLong(value));
    }
}
