package dev.cloze.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.failure.ClozeException;
import dev.cloze.failure.ClozeException.Kind;
import java.util.Optional;

/**
 * What a {@link ModelWorker} tells the process that started it, a line each.
 *
 * @param stage what it does from now on; null in a message of another kind
 * @param failure why it stopped; null in a message of another kind
 */
record WorkerMessage(Stage stage, Failure failure) {
    private static final String START = "cloze-worker ";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The part of a model that is tried. */
    enum Stage {
        STARTED("the model"),
        TOKENIZER("its tokenizer.json"),
        GRAPH("its graph");

        private final String part;

        Stage(String part) {
            this.part = part;
        }

        String part() {
            return part;
        }
    }

    /** A {@link ClozeException} without its cause. */
    record Failure(Kind kind, String problem, String repair) {
        static Failure of(ClozeException e) {
            return new Failure(e.kind(), e.problem(), e.repair());
        }

        ClozeException exception() {
            String[] parts = problem.replaceFirst("^Cannot ", "").split(": ", 2);
            String why = parts.length == 2 ? parts[1] : "";
            return switch (kind) {
                case USER -> ClozeException.user(parts[0], why, repair);
                case CORPUS -> ClozeException.corpus(parts[0], why, repair, null);
                case MODEL -> ClozeException.model(parts[0], why, repair);
                case RESOURCES -> ClozeException.resources(parts[0], why, repair, null);
            };
        }
    }

    static WorkerMessage of(Stage stage) {
        return new WorkerMessage(stage, null);
    }

    static WorkerMessage of(ClozeException failure) {
        return new WorkerMessage(null, Failure.of(failure));
    }

    /** The message in {@code line}, when it is one: native libraries write lines of their own. */
    static Optional<WorkerMessage> read(String line) {
        if (!line.startsWith(START)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(line.substring(START.length()), WorkerMessage.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    String line() {
        try {
            return START + JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
