package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The forms in which models were saved before there was {@code tokenizer.json}: files, and what is done to a text with them. */
enum VocabularyForm {
    BERT(
            Set.of("bert", "convbert", "distilbert", "electra", "ernie", "mobilebert"),
            Set.of(
                    "BertTokenizer",
                    "DistilBertTokenizer",
                    "ElectraTokenizer",
                    "MobileBertTokenizer",
                    "ConvBertTokenizer")),
    ROBERTA(Set.of("roberta", "data2vec-text"), Set.of("RobertaTokenizer")),
    MPNET(Set.of("mpnet"), Set.of("MPNetTokenizer")),
    GPT2(Set.of("gpt2"), Set.of("GPT2Tokenizer")),
    XLM_ROBERTA(Set.of("xlm-roberta"), Set.of("XLMRobertaTokenizer")),
    CAMEMBERT(Set.of("camembert"), Set.of("CamembertTokenizer")),
    ALBERT(Set.of("albert"), Set.of("AlbertTokenizer")),
    DEBERTA_V2(Set.of("deberta-v2"), Set.of("DebertaV2Tokenizer"));

    private static final String CLASS = "tokenizer_class";

    private final Set<String> families;
    private final Set<String> classes;

    /**
     * A form.
     *
     * @param families values of {@code model_type} that have it where no class is named
     * @param classes of transformers, without the suffix {@code Fast}
     */
    VocabularyForm(Set<String> families, Set<String> classes) {
        this.families = families;
        this.classes = classes;
    }

    /** The one that models of {@code family} have. */
    static Optional<VocabularyForm> ofFamily(String family) {
        return Stream.of(values())
                .filter(form -> form.families.contains(family))
                .findFirst();
    }

    /** The one that the tokenizers of the class {@code name} have. */
    static Optional<VocabularyForm> ofClass(String name) {
        return Stream.of(values()).filter(form -> form.classes.contains(name)).findFirst();
    }

    /** The class of the tokenizer that {@code config} names, without the suffix {@code Fast}; empty when it names none. */
    static Optional<String> named(JsonNode config) {
        return Optional.of(config.path(CLASS).asText("").replaceAll("Fast$", ""))
                .filter(name -> !name.isEmpty());
    }
}
