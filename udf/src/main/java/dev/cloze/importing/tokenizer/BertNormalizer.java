package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/**
 * What BERT does to a text before cutting it into words. The classes of transformers for BERT's tokenizers take it from {@code
 * tokenizer_config.json}, whatever {@code tokenizer.json} says.
 *
 * @param lowerCase whether letters become small ones
 * @param accents whether accents are removed; where it is not said, with lower case only
 * @param ideographs whether each Chinese character is a word
 */
record BertNormalizer(boolean lowerCase, Optional<Boolean> accents, boolean ideographs) {
    private static final String TYPE = "BertNormalizer";

    /** As {@code tokenizer_config.json} says. */
    static BertNormalizer of(JsonNode config) {
        JsonNode accents = config.path("strip_accents");
        return new BertNormalizer(
                config.path("do_lower_case").asBoolean(true),
                accents.isBoolean() ? Optional.of(accents.asBoolean()) : Optional.empty(),
                config.path("tokenize_chinese_chars").asBoolean(true));
    }

    /**
     * {@code tokenizer} as transformers reads it beside {@code config}.
     *
     * @param tokenizer {@code tokenizer.json}
     * @param config {@code tokenizer_config.json}
     * @param family of the model, where the configuration does not name the tokenizer's class
     */
    static JsonNode applied(JsonNode tokenizer, JsonNode config, String family) {
        JsonNode normalizer = tokenizer.path("normalizer");
        Optional<String> named = VocabularyForm.named(config);
        Optional<VocabularyForm> form =
                named.isPresent() ? named.flatMap(VocabularyForm::ofClass) : VocabularyForm.ofFamily(family);
        if (form.filter(VocabularyForm.BERT::equals).isEmpty()
                || config.isEmpty()
                || !normalizer.path("type").asText().equals(TYPE)) {
            return tokenizer;
        }
        ObjectNode wanted = of(config).json();
        boolean same = Set.of("lowercase", "strip_accents", "handle_chinese_chars").stream()
                .allMatch(key -> normalizer.path(key).equals(wanted.path(key)));
        if (same) {
            return tokenizer;
        }
        ObjectNode changed = tokenizer.deepCopy();
        ((ObjectNode) changed.get("normalizer")).setAll(wanted);
        return changed;
    }

    ObjectNode json() {
        ObjectNode json = TokenizerJson.part(TYPE).put("clean_text", true).put("handle_chinese_chars", ideographs);
        accents.ifPresentOrElse(remove -> json.put("strip_accents", remove), () -> json.putNull("strip_accents"));
        return json.put("lowercase", lowerCase);
    }
}
