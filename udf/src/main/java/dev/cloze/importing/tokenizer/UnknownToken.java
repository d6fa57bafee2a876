package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The token of a {@code tokenizer.json} for what its vocabulary cannot spell. Where there is none, the tokenizers library opens most files
 * all the same and then fails on every text that has an unknown word.
 */
final class UnknownToken {
    private UnknownToken() {}

    /** Why the tokenizer in {@code file} has no token for unknown words; empty when it has one, or needs none. */
    static Optional<String> problem(Path file) {
        try {
            return problem(new ObjectMapper().readTree(file.toFile()).path("model"));
        } catch (IOException e) {
            // Nothing is known of a file that cannot be read.
            return Optional.empty();
        }
    }

    private static Optional<String> problem(JsonNode model) {
        JsonNode vocabulary = model.path("vocab");
        return vocabulary.isArray() ? problemOfUnigram(model, vocabulary) : problem(model, vocabulary);
    }

    private static Optional<String> problemOfUnigram(JsonNode model, JsonNode vocabulary) {
        JsonNode id = model.path("unk_id");
        if (!id.isIntegralNumber()) {
            return Optional.of("has no unk_id");
        }
        return vocabulary.has(id.asInt())
                ? Optional.empty()
                : Optional.of("names " + id + " as unk_id, which is not in its vocab");
    }

    private static Optional<String> problem(JsonNode model, JsonNode vocabulary) {
        JsonNode token = model.path("unk_token");
        if (!token.isTextual()) {
            // BPE leaves out what it cannot spell.
            return model.has("merges") ? Optional.empty() : Optional.of("has no unk_token");
        }
        return vocabulary.has(token.asText())
                ? Optional.empty()
                : Optional.of("names " + Subject.shown(token.asText()) + " as unk_token, which is not in its vocab");
    }
}
