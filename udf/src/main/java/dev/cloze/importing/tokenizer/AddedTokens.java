package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The tokens that were added to a vocabulary after it was made: {@code added_tokens.json} and {@code added_tokens_decoder} of {@code
 * tokenizer_config.json}. The tokenizers library numbers them itself, from the vocabulary's end on; so a token with another number is refused.
 *
 * @param files of the model
 * @param config {@code tokenizer_config.json}
 * @param subject of refusals
 */
record AddedTokens(SourceDirectory files, JsonNode config, Subject subject) {
    private static final String FILE = "added_tokens.json";
    private static final String DECODER = "added_tokens_decoder";
    private static final String ADDITIONAL = "additional_special_tokens";
    private static final String CONTENT = "content";
    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized", "special");

    /**
     * A token.
     *
     * @param settings what is said of it besides
     */
    private record Token(int id, String content, JsonNode settings) {}

    /** {@code tokenizer} with these tokens. */
    JsonNode into(ObjectNode tokenizer) {
        List<Token> tokens = tokens();
        if (tokens.isEmpty()) {
            return tokenizer;
        }
        Map<String, Integer> ids = ids(tokenizer.path("model").path("vocab"));
        int next = tokenizer.path("model").path("vocab").size();
        Map<Integer, ObjectNode> all = new TreeMap<>();
        tokenizer.path("added_tokens").forEach(token -> all.put(token.path("id").asInt(), (ObjectNode) token));
        for (Token token : tokens) {
            if (ids.putIfAbsent(token.content, next) == null) {
                next++;
            }
            requireId(token, ids.get(token.content));
            all.put(token.id, described(token, Optional.ofNullable(all.get(token.id))));
        }
        ArrayNode added = tokenizer.putArray("added_tokens");
        all.values().forEach(added::add);
        return tokenizer;
    }

    /** By their numbers; one that stands in both places twice, with its settings behind. */
    private List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        files.json(FILE).ifPresent(file -> file.properties()
                .forEach(
                        entry -> tokens.add(token(entry.getValue().asText(), entry.getKey(), TokenizerJson.object()))));
        config.path(DECODER)
                .properties()
                .forEach(entry -> tokens.add(
                        token(entry.getKey(), entry.getValue().path(CONTENT).asText(), entry.getValue())));
        tokens.sort((one, other) -> Integer.compare(one.id, other.id));
        return tokens;
    }

    private Token token(String id, String content, JsonNode settings) {
        if (!id.matches("\\d{1,9}") || content.isEmpty()) {
            throw refuse("its added token " + Subject.shown(content) + " has the impossible id " + Subject.shown(id));
        }
        return new Token(Integer.parseInt(id), content, settings);
    }

    /** Of equal pieces of SentencePiece the last one counts. */
    private static Map<String, Integer> ids(JsonNode vocabulary) {
        Map<String, Integer> ids = new HashMap<>();
        vocabulary
                .properties()
                .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
        if (vocabulary.isArray()) {
            for (int i = 0; i < vocabulary.size(); i++) {
                ids.put(vocabulary.get(i).path(0).asText(), i);
            }
        }
        return ids;
    }

    private void requireId(Token token, int id) {
        if (token.id != id) {
            throw refuse("its added token " + Subject.shown(token.content) + " has the id " + token.id
                    + ", where its vocabulary gives it the id " + id);
        }
    }

    private ClozeException refuse(String why) {
        return subject.refuse(why, "save the tokenizer with transformers, which writes tokenizer.json");
    }

    /** As transformers reads an entry that says no more than its number, unless there is such a token already. */
    private ObjectNode described(Token token, Optional<ObjectNode> known) {
        boolean special = isSpecial(token.content);
        ObjectNode described = known.orElseGet(() -> TokenizerJson.added(token.content, token.id)
                .put("normalized", !special)
                .put("special", special));
        FLAGS.stream()
                .filter(flag -> token.settings.path(flag).isBoolean())
                .forEach(flag -> described.set(flag, token.settings.path(flag)));
        return described;
    }

    private boolean isSpecial(String content) {
        return Stream.concat(files.json("special_tokens_map.json").stream(), Stream.of(config))
                .flatMap(file -> file.properties().stream())
                .filter(entry ->
                        entry.getKey().endsWith("_token") || entry.getKey().equals(ADDITIONAL))
                .flatMap(entry -> texts(entry.getValue()))
                .anyMatch(content::equals);
    }

    /** Of a token, or of a list of tokens, each a text or an object. */
    private static Stream<String> texts(JsonNode value) {
        Stream<JsonNode> tokens = value.isArray() ? StreamSupport.stream(value.spliterator(), false) : Stream.of(value);
        return tokens.map(token -> token.path(CONTENT).asText(token.asText()));
    }
}
