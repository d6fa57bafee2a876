package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The texts of a tokenizer's special tokens. The files beside {@code tokenizer.json} name them; where these are silent, as many of
 * before 2021 are, a token has the text that its kind of tokenizer gives it in transformers, provided that the tokenizer knows it.
 *
 * @param named files that may name tokens, the first one first
 * @param tokenizer {@code tokenizer.json}
 * @param config {@code config.json}
 */
public record SpecialTokens(List<JsonNode> named, JsonNode tokenizer, JsonNode config) {
    public static final String MASK = "mask_token";
    public static final String PAD = "pad_token";
    private static final String BEGINNING = "bos_token";
    private static final String END = "eos_token";

    /** As BERT writes them, and as RoBERTa does. */
    private static final Map<String, List<String>> DEFAULT = Map.of(
            MASK, List.of("[MASK]", "<mask>"),
            PAD, List.of("[PAD]", "<pad>"),
            BEGINNING, List.of("<s>", "<|begin_of_text|>", "<bos>", "<|endoftext|>"),
            END, List.of("</s>", "<|end_of_text|>", "<eos>", "<|endoftext|>"));

    private static final List<String> LIKE_ROBERTA =
            List.of("roberta", "camembert", "mpnet", "bart", "longformer", "xmod", "data2vec", "ibert", "luke", "mvp");

    /** The text of the token {@code role}, such as {@value #MASK}. */
    public Optional<String> text(String role) {
        return named(role).or(() -> isMentioned(role) ? Optional.empty() : unnamed(role));
    }

    /** What stands before a text: the token of its beginning, or else that of an end. */
    public Optional<String> start() {
        Optional<String> named = named(BEGINNING).or(() -> named(END));
        boolean silent = !isMentioned(BEGINNING) && !isMentioned(END);
        return silent ? unnamed(BEGINNING).or(() -> unnamed(END)) : named;
    }

    /** A tokenizer without such a token has null there. */
    private boolean isMentioned(String role) {
        return named.stream().anyMatch(file -> file.has(role));
    }

    private Optional<String> unnamed(String role) {
        return byId(role).or(() -> usual(role));
    }

    private Optional<String> named(String role) {
        return named.stream()
                .map(file -> file.path(role))
                .map(value -> value.isObject() ? value.path("content") : value)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .findFirst();
    }

    /** {@code config.json} has the ids of some tokens; those of a tokenizer's own special tokens are believed. */
    private Optional<String> byId(String role) {
        JsonNode id = config.path(role + "_id");
        return added().filter(token -> id.isInt()
                        && token.path("id").asLong(-1) == id.asLong()
                        && token.path("special").asBoolean())
                .map(token -> token.path("content").asText())
                .findFirst();
    }

    private Optional<String> usual(String role) {
        List<String> texts = DEFAULT.get(role);
        List<String> ordered = isLikeRoberta()
                ? Stream.concat(texts.stream().filter(text -> text.startsWith("<")), texts.stream())
                        .distinct()
                        .toList()
                : texts;
        return ordered.stream()
                .filter(text ->
                        added().anyMatch(token -> token.path("content").asText().equals(text)))
                .findFirst()
                .or(() -> ordered.stream().filter(this::isInVocabulary).findFirst());
    }

    private boolean isLikeRoberta() {
        String family = config.path("model_type").asText()
                + named.stream()
                        .map(file -> file.path("tokenizer_class").asText())
                        .findFirst()
                        .orElse("");
        String lower = family.toLowerCase(Locale.ROOT);
        return LIKE_ROBERTA.stream().anyMatch(lower::contains);
    }

    private boolean isInVocabulary(String text) {
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        return vocabulary.has(text)
                || Stream.iterate(0, i -> i < vocabulary.size(), i -> i + 1)
                        .anyMatch(i -> vocabulary.path(i).path(0).asText().equals(text));
    }

    private Stream<JsonNode> added() {
        JsonNode added = tokenizer.path("added_tokens");
        return Stream.iterate(0, i -> i < added.size(), i -> i + 1).map(added::path);
    }
}
