package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.model.OnnxSession;
import dev.cloze.model.ScoringSignature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Imports a language model, masked or causal, that was exported to ONNX elsewhere: a directory with {@code model.onnx} (or {@code
 * onnx/model.onnx}, the layout of model hubs), {@code tokenizer.json}, {@code config.json} and, when there is one, {@code
 * tokenizer_config.json}.
 */
public final class HuggingFaceExport {
    private static final List<String> PLACES = List.of("model.onnx", "onnx/model.onnx");
    private static final String LOGITS = "logits";
    /** The cache of tokens that an export for generating text gives back. */
    private static final String PRESENT = "present";

    private static final int RANK = 3;
    /** These count positions from the padding id on, so the first ones of their table are never used. */
    private static final Set<String> POSITIONS_AFTER_PADDING =
            Set.of("camembert", "longformer", "mpnet", "roberta", "xlm-roberta", "xlm-roberta-xl", "xmod");

    private static final int DEFAULT_POSITIONS = 512;

    private final Path source;
    private final JsonNode config;
    private final JsonNode tokenizerConfig;
    private final JsonNode specialTokens;

    private HuggingFaceExport(Path source) {
        this.source = source;
        this.config = json(Bundle.CONFIG).orElseThrow(() -> incomplete(Bundle.CONFIG));
        this.tokenizerConfig = json("tokenizer_config.json").orElseGet(() -> new ObjectMapper().createObjectNode());
        this.specialTokens = json("special_tokens_map.json").orElseGet(() -> new ObjectMapper().createObjectNode());
    }

    /** Writes the bundle {@code name} of the model in {@code source} into the empty directory {@code target}. */
    public static Bundle write(Path source, String name, Path target) {
        return new HuggingFaceExport(source).write(name, target);
    }

    private Bundle write(String name, Path target) {
        Path graph = PLACES.stream()
                .map(source::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> incomplete(Bundle.MODEL));
        if (!Files.isRegularFile(source.resolve(Bundle.TOKENIZER))) {
            throw incomplete(Bundle.TOKENIZER);
        }
        OnnxMl.ModelProto model = OnnxFile.withoutWeights(graph);
        int vocabularySize = config.path("vocab_size").asInt();
        String logits = checkedLogits(graph, vocabularySize);
        copy(graph, model, target);
        PlainModel plain = PlainModel.of(target, logits);
        boolean causal = plain.isCausal(vocabularySize);
        requireAsDeclared(causal);
        Optional<String> mask = token("mask_token");
        if (!causal && mask.isEmpty()) {
            throw unfit("its tokenizer defines no mask_token");
        }
        Optional<String> start = token("bos_token").or(() -> token("eos_token"));
        Manifest described = new Manifest(
                Manifest.FORMAT,
                name,
                config.path("model_type").asText("unknown"),
                causal ? Manifest.Kind.CAUSAL : Manifest.Kind.MASKED,
                causal ? null : mask.orElseThrow(),
                causal ? start.orElse(null) : null,
                padToken(causal ? start : mask),
                positionLimit(),
                vocabularySize,
                precision(model),
                cleansUp(),
                null);
        return Sealing.seal(target, described, plain);
    }

    /** What fills a batch is never read, so any token will do. */
    private String padToken(Optional<String> otherwise) {
        return token("pad_token").or(() -> otherwise).orElseThrow(() -> unfit("its tokenizer defines no pad_token"));
    }

    /** A graph that lost its causal mask, or has one it should not have, computes figures that look like figures. */
    private void requireAsDeclared(boolean causal) {
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

    private String checkedLogits(Path graph, int vocabularySize) {
        try (OnnxSession session = OnnxSession.open(graph)) {
            Set<String> unknown = TextOnly.unknown(session.inputs().keySet());
            if (!unknown.isEmpty() || !session.inputs().containsKey(ScoringSignature.INPUT_IDS)) {
                throw unfit("it has the inputs " + session.inputs().keySet()
                        + ", a language model has input_ids, attention_mask, token_type_ids, position_ids and"
                        + " past_key_values.*");
            }
            Set<String> outputs = session.outputs().keySet();
            String logits =
                    outputs.contains(LOGITS) ? LOGITS : outputs.iterator().next();
            long[] shape = session.outputs().get(logits);
            boolean others = outputs.stream().anyMatch(name -> !name.equals(logits) && !name.startsWith(PRESENT));
            boolean plausible = shape.length == RANK
                    && (shape[RANK - 1] == vocabularySize || shape[RANK - 1] < 0)
                    && (!others || outputs.contains(LOGITS));
            if (!plausible) {
                throw unfit("it has the outputs " + outputs + " (" + logits + " is " + Arrays.toString(shape)
                        + "), a language model has [logits], which is [batch, sequence, " + vocabularySize
                        + "]");
            }
            return logits;
        }
    }

    /** transformers 5 reads the setting, but does not follow it for byte-pair vocabularies. */
    private boolean cleansUp() {
        String vocabulary =
                json(Bundle.TOKENIZER).orElseThrow().path("model").path("type").asText();
        return tokenizerConfig.path("clean_up_tokenization_spaces").asBoolean(false) && !vocabulary.equals("BPE");
    }

    private int positionLimit() {
        int positions = Stream.of("max_position_embeddings", "n_positions", "max_seq_len")
                .map(config::path)
                .filter(JsonNode::isInt)
                .findFirst()
                .map(JsonNode::asInt)
                .orElse(DEFAULT_POSITIONS);
        if (POSITIONS_AFTER_PADDING.contains(config.path("model_type").asText())) {
            positions -= config.path("pad_token_id").asInt(1) + 1;
        }
        // Some tokenizers say 1e30 when they do not know.
        double limit = tokenizerConfig.path("model_max_length").asDouble(positions);
        return limit > 0 && limit < positions ? (int) limit : positions;
    }

    /** A special token's text, which stands there as a string or as an object, in one of several files. */
    private Optional<String> token(String name) {
        return Stream.of(tokenizerConfig, specialTokens)
                .map(file -> file.path(name))
                .map(value -> value.isObject() ? value.path("content") : value)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .findFirst();
    }

    private static String precision(OnnxMl.ModelProto model) {
        int half = OnnxMl.TensorProto.DataType.FLOAT16.getNumber();
        boolean narrow =
                model.getGraph().getInitializerList().stream().anyMatch(tensor -> tensor.getDataType() == half);
        return narrow ? "fp16" : "fp32";
    }

    private void copy(Path graph, OnnxMl.ModelProto model, Path target) {
        try {
            Files.copy(graph, target.resolve(Bundle.MODEL));
            Files.copy(source.resolve(Bundle.TOKENIZER), target.resolve(Bundle.TOKENIZER));
            Files.copy(source.resolve(Bundle.CONFIG), target.resolve(Bundle.CONFIG));
            for (String location : externalData(graph, model)) {
                Files.copy(graph.resolveSibling(location), target.resolve(location));
            }
        } catch (IOException e) {
            throw ClozeException.resources(
                    "copy model " + source + " to " + target,
                    String.valueOf(e),
                    "make the files readable and room there",
                    e);
        }
    }

    private static Set<String> externalData(Path graph, OnnxMl.ModelProto model) {
        Set<String> locations = new TreeSet<>();
        for (OnnxMl.TensorProto tensor : model.getGraph().getInitializerList()) {
            for (OnnxMl.StringStringEntryProto entry : tensor.getExternalDataList()) {
                if (entry.getKey().equals("location")) {
                    locations.add(entry.getValue());
                }
            }
        }
        // What was just taken out of the file itself.
        locations.remove(graph.getFileName().toString());
        return locations;
    }

    private Optional<JsonNode> json(String name) {
        Path file = source.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ObjectMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw ClozeException.model(
                    "import model " + source, name + " is damaged: " + e.getMessage(), "save the model again", e);
        }
    }

    private ClozeException incomplete(String file) {
        return ClozeException.model(
                "import model " + source,
                "it has no " + file,
                "put model.onnx, tokenizer.json and config.json of one model there");
    }

    private ClozeException unfit(String why) {
        return ClozeException.model("import model " + source, why, "export a model with its language-model head");
    }
}
