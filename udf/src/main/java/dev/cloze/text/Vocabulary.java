package dev.cloze.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The names of a model's tokens: {@code tokenizer.json}'s vocabulary with its added tokens laid over it. */
public final class Vocabulary {
    private final Map<String, Long> ids;
    private final Map<Long, String> tokens;
    private final Set<Long> special;
    private final String unknownToken;

    private Vocabulary(Map<String, Long> ids, Set<Long> special, String unknownToken) {
        this.ids = ids;
        this.special = special;
        this.tokens = new HashMap<>();
        ids.forEach((token, id) -> tokens.put(id, token));
        this.unknownToken = unknownToken;
    }

    static Vocabulary read(Path tokenizerJson) {
        try {
            return of(new ObjectMapper().readTree(tokenizerJson.toFile()), tokenizerJson);
        } catch (IOException e) {
            throw ClozeException.model(
                    "read tokenizer " + tokenizerJson,
                    String.valueOf(e.getMessage()),
                    "use a tokenizer.json of the tokenizers library",
                    e);
        }
    }

    private static Vocabulary of(JsonNode tokenizer, Path file) {
        Map<String, Long> ids = new HashMap<>();
        Set<Long> special = new HashSet<>();
        JsonNode model = tokenizer.path("model");
        JsonNode vocabulary = model.path("vocab");
        if (vocabulary.isArray()) {
            // Unigram: [piece, score] in the order of the ids.
            for (int i = 0; i < vocabulary.size(); i++) {
                ids.put(vocabulary.get(i).path(0).asText(), (long) i);
            }
        } else {
            vocabulary
                    .properties()
                    .forEach(entry -> ids.put(entry.getKey(), id(entry.getKey(), entry.getValue(), file)));
        }
        for (JsonNode added : tokenizer.path("added_tokens")) {
            long id = id(added.path("content").asText(), added.path("id"), file);
            ids.put(added.path("content").asText(), id);
            if (added.path("special").asBoolean()) {
                special.add(id);
            }
        }
        return new Vocabulary(ids, special, unknownToken(model, vocabulary));
    }

    private static long id(String token, JsonNode id, Path file) {
        if (!id.isIntegralNumber() || !id.canConvertToLong() || id.asLong() < 0 || id.asLong() >= Integer.MAX_VALUE) {
            throw ClozeException.model(
                    "read tokenizer " + file,
                    "its token \"" + token + "\" has "
                            + (id.isMissingNode() ? "no id" : "the id " + id + ", which is no id of a word"),
                    "use the tokenizer.json that the model was trained with");
        }
        return id.asLong();
    }

    private static String unknownToken(JsonNode model, JsonNode vocabulary) {
        if (model.path("unk_id").isInt()) {
            return vocabulary.path(model.path("unk_id").asInt()).path(0).asText("");
        }
        return model.path("unk_token").asText("");
    }

    /** The id of a token spelled exactly like this, continuation marks included. */
    public OptionalLong id(String token) {
        Long id = ids.get(token);
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    /** How the vocabulary spells {@code id}, continuation marks included. */
    public String token(long id) {
        return tokens.getOrDefault(id, "");
    }

    /** Whether {@code id} stands for what the vocabulary cannot spell. */
    public boolean isUnknown(long id) {
        return !unknownToken.isEmpty() && id(unknownToken).orElse(-1) == id;
    }

    /** Whether {@code id} stands for no text, such as a mask. */
    public boolean isSpecial(long id) {
        return special.contains(id);
    }

    /** One more than the largest id. */
    public int size() {
        return (int) (ids.values().stream().mapToLong(Long::longValue).max().orElse(-1) + 1);
    }
}
