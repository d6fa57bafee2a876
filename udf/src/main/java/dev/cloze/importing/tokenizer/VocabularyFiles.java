package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
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
 * A {@code tokenizer.json} for models that were saved without one, made of the vocabulary in the form of their family.
 *
 * @param files of the model
 * @param family its {@code model_type}
 * @param config {@code tokenizer_config.json}
 * @param subject of refusals
 */
public record VocabularyFiles(SourceDirectory files, String family, JsonNode config, Subject subject) {
    private static final Set<String> LIKE_BERT =
            Set.of("bert", "convbert", "distilbert", "electra", "ernie", "mobilebert");
    private static final Set<String> LIKE_ROBERTA = Set.of("roberta", "data2vec-text");
    private static final String VOCABULARY = "vocab.txt";
    private static final String BYTE_PAIRS = "vocab.json";
    private static final String MERGES = "merges.txt";

    /** The tokenizer; empty when there are no files of the form that the family has. */
    public Optional<JsonNode> tokenizer() {
        if (LIKE_BERT.contains(family)) {
            return lines(VOCABULARY).map(words -> wordPieces(words, WordPieceTokenizer.Specials.OF_BERT));
        }
        if (LIKE_ROBERTA.contains(family)) {
            return bytePairs().map(ByteLevelTokenizer::ofRoberta);
        }
        return switch (family) {
            case "mpnet" -> lines(VOCABULARY).map(words -> wordPieces(words, WordPieceTokenizer.Specials.OF_MPNET));
            case "gpt2" -> bytePairs().map(ByteLevelTokenizer::ofGpt2);
            case "xlm-roberta" -> pieces("sentencepiece.bpe.model").map(SentencePieceTokenizer::ofXlmRoberta);
            case "camembert" -> pieces("sentencepiece.bpe.model").map(SentencePieceTokenizer::ofCamembert);
            case "albert" -> pieces("spiece.model").map(SentencePieceTokenizer::ofAlbert);
            case "deberta-v2" -> pieces("spm.model").map(SentencePieceTokenizer::ofDeberta);
            default -> Optional.empty();
        };
    }

    /** {@code tokenizer} as transformers reads it beside {@code tokenizer_config.json}. */
    public JsonNode configured(JsonNode tokenizer) {
        return BertNormalizer.applied(tokenizer, config, family);
    }

    private JsonNode wordPieces(List<String> words, WordPieceTokenizer.Specials specials) {
        return new WordPieceTokenizer(words, specials, BertNormalizer.of(config)).json();
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
