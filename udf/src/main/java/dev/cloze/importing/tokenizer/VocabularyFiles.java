package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.OtherContent;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code tokenizer.json} for models that were saved without one, made of the vocabulary in the form of their tokenizer's class, or of
 * their family where no class is named.
 *
 * @param files of the model
 * @param family its {@code model_type}
 * @param config {@code tokenizer_config.json}
 * @param subject of refusals
 */
public record VocabularyFiles(SourceDirectory files, String family, JsonNode config, Subject subject) {
    /** Classes that read tokenizer.json and nothing else. */
    private static final Set<String> GENERAL = Set.of("PreTrainedTokenizer", "TokenizersBackend");

    private static final String CONFIG = "config.json";
    private static final String VOCABULARY = "vocab.txt";
    private static final String BYTE_PAIRS = "vocab.json";
    private static final String MERGES = "merges.txt";

    /** The tokenizer; empty when there are no files of the form that its class or its family has. */
    public Optional<JsonNode> tokenizer() {
        return form().flatMap(this::tokenizer).map(new AddedTokens(files, config, subject)::into);
    }

    private Optional<VocabularyForm> form() {
        Optional<VocabularyForm> ofFamily = VocabularyForm.ofFamily(family);
        Optional<String> named =
                VocabularyForm.named(config).or(() -> files.json(CONFIG).flatMap(VocabularyForm::named));
        if (named.isEmpty()) {
            return ofFamily;
        }
        Optional<VocabularyForm> ofClass = named.flatMap(VocabularyForm::ofClass);
        if (ofClass.isEmpty() && ofFamily.isPresent() && !GENERAL.contains(named.get())) {
            throw inPythonOnly(named.get());
        }
        return ofClass;
    }

    private ClozeException inPythonOnly(String name) {
        return subject.refuse(
                "its tokenizer is a " + (name.matches("\\w{1,100}") ? name : Subject.shown(name))
                        + ", which exists in Python only",
                "save it as tokenizer.json, or choose another model");
    }

    private Optional<ObjectNode> tokenizer(VocabularyForm form) {
        return switch (form) {
            case BERT -> lines(VOCABULARY).map(words -> wordPieces(words, WordPieceTokenizer.Specials.OF_BERT));
            case ROBERTA -> bytePairs().map(ByteLevelTokenizer::ofRoberta);
            case MPNET -> lines(VOCABULARY).map(words -> wordPieces(words, WordPieceTokenizer.Specials.OF_MPNET));
            case GPT2 -> bytePairs().map(ByteLevelTokenizer::ofGpt2);
            case XLM_ROBERTA -> pieces("sentencepiece.bpe.model").map(SentencePieceTokenizer::ofXlmRoberta);
            case CAMEMBERT -> pieces("sentencepiece.bpe.model").map(SentencePieceTokenizer::ofCamembert);
            case ALBERT -> pieces("spiece.model").map(SentencePieceTokenizer::ofAlbert);
            case DEBERTA_V2 -> pieces("spm.model").map(SentencePieceTokenizer::ofDeberta);
        };
    }

    /** {@code tokenizer} as transformers reads it beside {@code tokenizer_config.json}. */
    public JsonNode configured(JsonNode tokenizer) {
        return BertNormalizer.applied(tokenizer, config, family);
    }

    private ObjectNode wordPieces(List<String> words, WordPieceTokenizer.Specials specials) {
        return new WordPieceTokenizer(words, specials, BertNormalizer.of(config), subject).json();
    }

    private Optional<ByteLevelTokenizer> bytePairs() {
        Optional<List<String>> merges = lines(MERGES);
        boolean blank = config.path("add_prefix_space").asBoolean(false);
        return files.json(BYTE_PAIRS)
                .filter(vocabulary -> merges.isPresent())
                .map(vocabulary -> new ByteLevelTokenizer(vocabulary, merges.orElseThrow(), blank, subject));
    }

    private Optional<SentencePieceTokenizer> pieces(String name) {
        return files.find(name).map(file -> {
            OtherContent.refuse(file, name, subject);
            SentencePieceModel model = SentencePieceModel.read(file, name, subject);
            if (!model.unigram()) {
                throw subject.refuse(
                        "its " + name + " is not a unigram model of SentencePiece, which the family " + family + " has",
                        "save the tokenizer with transformers, which writes tokenizer.json");
            }
            return new SentencePieceTokenizer(model, config, subject);
        });
    }

    private Optional<List<String>> lines(String name) {
        Optional<Path> file = files.find(name);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        OtherContent.refuse(file.get(), name, subject);
        try {
            String text = Files.readString(file.get(), StandardCharsets.UTF_8);
            return Optional.of(List.of(text.split("\r?\n")));
        } catch (IOException e) {
            throw subject.refuse("its " + name + " cannot be read as UTF-8: " + e, "download the file again", e);
        }
    }
}
