package dev.cloze.importing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import dev.cloze.importing.tokenizer.SpecialTokens;
import dev.cloze.model.ScoringSignature;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the JSON files beside a graph say of the model.
 *
 * @param config {@code config.json}
 * @param tokenizer {@code tokenizer.json}
 * @param tokenizerConfig {@code tokenizer_config.json}, or an empty object
 * @param tokens what the special tokens are called
 * @param subject of refusals
 */
record ExportSettings(
        JsonNode config, JsonNode tokenizer, JsonNode tokenizerConfig, SpecialTokens tokens, Subject subject) {
    /** These count positions from the padding id on, so the first ones of their table are never used. */
    private static final Set<String> POSITIONS_AFTER_PADDING = Set.of(
            "camembert",
            "data2vec-text",
            "esm",
            "ibert",
            "lilt",
            "longformer",
            "luke",
            "markuplm",
            "mpnet",
            "roberta",
            "roberta-prelayernorm",
            "xlm-roberta",
            "xlm-roberta-xl",
            "xmod");

    private static final Set<String> LANGUAGES_AS_TYPES = Set.of("flaubert", "xlm");

    private static final int DEFAULT_POSITIONS = 512;
    /** Room for a token between two special ones. */
    private static final int FEWEST_POSITIONS = 3;
    /** Far above what any model has: 262,144 words are the most so far. */
    private static final int MOST_WORDS = 1 << 24;

    /** All but the list of files. */
    Manifest manifest(String name, Manifest.Kind kind, String precision) {
        boolean causal = kind == Manifest.Kind.CAUSAL;
        Optional<String> mask = tokens.text(SpecialTokens.MASK);
        if (!causal && mask.isEmpty()) {
            throw unfit("its tokenizer defines no mask_token");
        }
        Optional<String> start = tokens.start();
        return new Manifest(
                Manifest.FORMAT,
                name,
                config.path("model_type").asText("unknown"),
                kind,
                causal ? null : mask.orElseThrow(),
                causal ? start.orElse(null) : null,
                padToken(causal ? start : mask),
                positionLimit(),
                vocabularySize(),
                precision,
                cleansUp(),
                null);
    }

    /** What fills a batch is never read, so any token will do. */
    private String padToken(Optional<String> otherwise) {
        return tokens.text(SpecialTokens.PAD)
                .or(() -> otherwise)
                .orElseThrow(() -> unfit("its tokenizer defines no pad_token"));
    }

    /** A graph that lost its causal mask, or has one it should not have, computes figures that look like figures. */
    void requireAsDeclared(Manifest.Kind kind) {
        boolean causal = kind == Manifest.Kind.CAUSAL;
        for (JsonNode architecture : config.path("architectures")) {
            String name = architecture.asText();
            boolean declaredCausal =
                    name.endsWith("ForCausalLM") || name.endsWith("LMHeadModel") && !name.endsWith("WithLMHeadModel");
            if (declaredCausal && !causal) {
                throw unfit("it is a " + name + ", but in its graph tokens see their right side");
            }
            if (name.endsWith("ForMaskedLM") && causal) {
                throw unfit("it is a " + name + ", but in its graph tokens do not see their right side");
            }
        }
    }

    /** Fails when {@code inputs} have types of tokens that mean something else than which of two sentences a token is in. */
    void requireOrdinaryTypes(Set<String> inputs) {
        String family = config.path("model_type").asText();
        if (LANGUAGES_AS_TYPES.contains(family) && inputs.contains(ScoringSignature.TOKEN_TYPE_IDS)) {
            throw subject.refuse(
                    "it is of the family " + family
                            + ", whose token_type_ids are looked up among the words: zeros would add the"
                            + " embedding of word 0 to every token",
                    "export the model without the input token_type_ids");
        }
    }

    /** Columns of the logits. */
    int vocabularySize() {
        JsonNode size = config.path("vocab_size");
        if (size.isMissingNode()) {
            throw subject.refuse(
                    "its config.json has no vocab_size", "put the config.json there that was saved with the model");
        }
        if (!size.isInt() || size.asInt() < 2 || size.asInt() > MOST_WORDS) {
            throw subject.refuse(
                    "its config.json says that vocab_size is " + Subject.shown(size.toString())
                            + ", not a number from 2 to " + MOST_WORDS,
                    "put the config.json there that was saved with the model");
        }
        return size.asInt();
    }

    /** Tokens that the model sees at once. */
    int positionLimit() {
        int positions = Stream.of("max_position_embeddings", "n_positions", "max_seq_len")
                .map(config::path)
                .filter(JsonNode::isInt)
                .findFirst()
                .map(JsonNode::asInt)
                .orElse(DEFAULT_POSITIONS);
        boolean inTable =
                config.path("position_embedding_type").asText("absolute").equals("absolute");
        if (inTable
                && POSITIONS_AFTER_PADDING.contains(config.path("model_type").asText())) {
            positions -= config.path("pad_token_id").asInt(1) + 1;
        }
        // Some tokenizers say 1e30 when they do not know.
        double limit = tokenizerConfig.path("model_max_length").asDouble(positions);
        int least = limit > 0 && limit < positions ? (int) limit : positions;
        if (least < FEWEST_POSITIONS) {
            throw subject.refuse(
                    "it sees at most " + Math.max(0, least) + " tokens at once, special tokens included"
                            + " (max_position_embeddings in config.json, model_max_length in tokenizer_config.json)",
                    "put the files there that were saved with the model");
        }
        return least;
    }

    /** transformers 5 reads the setting, but does not follow it for byte-pair vocabularies. */
    private boolean cleansUp() {
        String vocabulary = tokenizer.path("model").path("type").asText();
        return tokenizerConfig.path("clean_up_tokenization_spaces").asBoolean(false) && !vocabulary.equals("BPE");
    }

    private ClozeException unfit(String why) {
        return subject.refuse(why, "export a model with its language-model head");
    }
}
