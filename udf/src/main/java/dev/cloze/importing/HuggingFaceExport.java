package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.PlainModel.Answers;
import dev.cloze.model.OnnxSession;
import dev.cloze.model.ScoringSignature;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    /** Room for a token between two special ones. */
    private static final int FEWEST_POSITIONS = 3;
    /** Far above what any model has: 262,144 words are the most so far. */
    private static final int MOST_WORDS = 1 << 24;
    /** The largest tokenizer.json so far has 33 MB. */
    private static final long LARGEST_JSON = 256L << 20;

    private static final long MEGABYTE = 1 << 20;

    private final Path source;
    private final Subject subject;
    private final SourceDirectory files;
    private final JsonNode config;
    private final JsonNode tokenizer;
    private final JsonNode tokenizerConfig;
    private final SpecialTokens tokens;
    private final Stages stages;

    private HuggingFaceExport(Path source, Stages stages) {
        this.source = source;
        this.stages = stages;
        this.subject = new Subject("import model " + source);
        this.files = SourceDirectory.of(source, subject);
        this.config = json(Bundle.CONFIG).orElseThrow(() -> incomplete(Bundle.CONFIG));
        this.tokenizer = json(Bundle.TOKENIZER).orElseThrow(() -> incomplete(Bundle.TOKENIZER));
        JsonNode nothing = new ObjectMapper().createObjectNode();
        this.tokenizerConfig = json("tokenizer_config.json").orElse(nothing);
        JsonNode specialTokens = json("special_tokens_map.json").orElse(nothing);
        this.tokens = new SpecialTokens(List.of(tokenizerConfig, specialTokens), tokenizer, config);
    }

    /** Writes the bundle {@code name} of the model in {@code source} into the empty directory {@code target}. */
    public static Bundle write(Path source, String name, Path target) {
        return write(source, name, target, Stages.UNHEARD);
    }

    static Bundle write(Path source, String name, Path target, Stages stages) {
        return new HuggingFaceExport(source, stages).write(name, target);
    }

    private Bundle write(String name, Path target) {
        String place = PLACES.stream()
                .filter(candidate -> files.find(candidate).isPresent())
                .findFirst()
                .orElseThrow(() -> incomplete(Bundle.MODEL));
        int vocabularySize = vocabularySize();
        OnnxMl.ModelProto model = copy(place, target);
        stages.begin(WorkerMessage.Stage.GRAPH);
        String logits = checkedLogits(target.resolve(Bundle.MODEL), vocabularySize);
        PlainModel plain = PlainModel.of(target, logits);
        int positions = positionLimit();
        Answers answers = answers(plain, vocabularySize, positions);
        if (!answers.areNumbers()) {
            throw subject.refuse(
                    "its graph answers with values that are no numbers (NaN)",
                    "its weights are damaged, or were made with too little precision: export the model again");
        }
        if (answers.columns() != vocabularySize) {
            throw unfit("its logits have " + answers.columns() + " columns, config.json says that vocab_size is "
                    + vocabularySize);
        }
        requireAsDeclared(answers.areCausal());
        Manifest described = manifest(name, answers.areCausal(), vocabularySize, positions, precision(model));
        stages.begin(WorkerMessage.Stage.TOKENIZER);
        TokenizerProbe.require(target.resolve(Bundle.TOKENIZER), described, subject);
        stages.begin(WorkerMessage.Stage.GRAPH);
        return Sealing.seal(target, described, plain);
    }

    private Manifest manifest(String name, boolean causal, int vocabularySize, int positions, String precision) {
        Optional<String> mask = tokens.text(SpecialTokens.MASK);
        if (!causal && mask.isEmpty()) {
            throw unfit("its tokenizer defines no mask_token");
        }
        Optional<String> start = tokens.start();
        return new Manifest(
                Manifest.FORMAT,
                name,
                config.path("model_type").asText("unknown"),
                causal ? Manifest.Kind.CAUSAL : Manifest.Kind.MASKED,
                causal ? null : mask.orElseThrow(),
                causal ? start.orElse(null) : null,
                padToken(causal ? start : mask),
                positions,
                vocabularySize,
                precision,
                cleansUp(),
                null);
    }

    private int vocabularySize() {
        JsonNode size = config.path("vocab_size");
        if (size.isMissingNode()) {
            throw subject.refuse(
                    "its config.json has no vocab_size", "put the config.json there that was saved with the model");
        }
        if (!size.isInt() || size.asInt() < 2 || size.asInt() > MOST_WORDS) {
            throw subject.refuse(
                    "its config.json says that vocab_size is " + Subject.shown(size.toString()) + ", not a number from 2 to "
                            + MOST_WORDS,
                    "put the config.json there that was saved with the model");
        }
        return size.asInt();
    }

    private Answers answers(PlainModel plain, int vocabularySize, int positions) {
        try {
            return plain.answers(vocabularySize, positions);
        } catch (IllegalStateException e) {
            throw subject.refuse(
                    "ONNX Runtime cannot compute its graph: " + Causes.firstLine(e),
                    "export the model with dynamic batch and sequence axes",
                    e);
        }
    }

    /** What fills a batch is never read, so any token will do. */
    private String padToken(Optional<String> otherwise) {
        return tokens.text(SpecialTokens.PAD).or(() -> otherwise).orElseThrow(() -> unfit("its tokenizer defines no pad_token"));
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
        try (OnnxSession session = open(graph)) {
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

    private OnnxSession open(Path graph) {
        try {
            return OnnxSession.open(graph);
        } catch (ClozeException e) {
            if (e.kind() != ClozeException.Kind.MODEL) {
                throw e;
            }
            throw subject.refuse(
                    "ONNX Runtime does not open its graph: " + Causes.root(e),
                    "export the model again, with operators that ONNX Runtime knows",
                    e);
        }
    }

    /** transformers 5 reads the setting, but does not follow it for byte-pair vocabularies. */
    private boolean cleansUp() {
        String vocabulary = tokenizer.path("model").path("type").asText();
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
        int least = limit > 0 && limit < positions ? (int) limit : positions;
        if (least < FEWEST_POSITIONS) {
            throw subject.refuse(
                    "it sees at most " + Math.max(0, least) + " tokens at once, special tokens included"
                            + " (max_position_embeddings in config.json, model_max_length in tokenizer_config.json)",
                    "put the files there that were saved with the model");
        }
        return least;
    }

    private static String precision(OnnxMl.ModelProto model) {
        int half = OnnxMl.TensorProto.DataType.FLOAT16.getNumber();
        boolean narrow =
                model.getGraph().getInitializerList().stream().anyMatch(tensor -> tensor.getDataType() == half);
        return narrow ? "fp16" : "fp32";
    }

    /** Copies the files of the model, each checked before; the graph as it lies in {@code target} then, under its file names there. */
    private OnnxMl.ModelProto copy(String place, Path target) {
        Path graph = files.find(place).orElseThrow();
        OtherContent.refuse(graph, place, subject);
        OtherContent.refuseText(graph, place, subject);
        Path copied = target.resolve(Bundle.MODEL);
        try {
            Files.copy(graph, copied);
            OnnxMl.ModelProto model = OnnxFile.whole(copied, place, subject);
            GraphCheck.require(model, subject);
            String folder = place.substring(0, place.length() - Bundle.MODEL.length());
            ExternalData weights = ExternalData.of(model, files, folder, subject);
            requireRoom(weights.files().values(), target);
            for (Map.Entry<String, Path> file : weights.files().entrySet()) {
                Files.copy(file.getValue(), target.resolve(file.getKey()));
            }
            Files.copy(files.find(Bundle.TOKENIZER).orElseThrow(), target.resolve(Bundle.TOKENIZER));
            Files.copy(files.find(Bundle.CONFIG).orElseThrow(), target.resolve(Bundle.CONFIG));
            OnnxMl.ModelProto renamed = weights.renamed(model);
            if (renamed != model) {
                replace(copied, renamed);
            }
            return renamed;
        } catch (IOException e) {
            throw uncopied(target, String.valueOf(e), e);
        }
    }

    private static void replace(Path graph, OnnxMl.ModelProto model) throws IOException {
        Path written = graph.resolveSibling(Bundle.MODEL + ".renamed");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(written))) {
            model.writeTo(out);
        }
        // The graph's weights are still read from the file as it was.
        Files.move(written, graph, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A file may declare any size and take no room where it is. */
    private void requireRoom(Collection<Path> weights, Path target) throws IOException {
        long needed = 0;
        for (Path file : weights) {
            needed += Files.size(file);
        }
        long free = Files.getFileStore(target).getUsableSpace();
        if (needed < 0 || needed > free) {
            throw uncopied(target, "its weights have " + needed / MEGABYTE + " MB, " + free / MEGABYTE + " MB are free", null);
        }
    }

    private ClozeException uncopied(Path target, String why, IOException cause) {
        return ClozeException.resources(
                "copy model " + source + " to " + target, why, "make the files readable and room there", cause);
    }

    private Optional<JsonNode> json(String name) {
        Optional<Path> file = files.find(name);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        OtherContent.refuse(file.get(), name, subject);
        try {
            if (Files.size(file.get()) > LARGEST_JSON) {
                throw subject.refuse(
                        "its " + name + " has " + Files.size(file.get()) / MEGABYTE + " MB, at most "
                                + LARGEST_JSON / MEGABYTE + " MB are read",
                        "save the model again");
            }
            JsonNode json = new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(file.get().toFile());
            if (!json.isObject()) {
                throw subject.refuse("its " + name + " is not a JSON object", "save the model again");
            }
            return Optional.of(json);
        } catch (JsonProcessingException e) {
            throw subject.refuse(name + " is damaged: " + e.getOriginalMessage(), "save the model again", e);
        } catch (IOException e) {
            throw subject.refuse(name + " cannot be read: " + e, "save the model again", e);
        }
    }

    private ClozeException incomplete(String file) {
        return subject.refuse(
                "it has no " + file,
                "put model.onnx, tokenizer.json and config.json of one model there");
    }

    private ClozeException unfit(String why) {
        return subject.refuse(why, "export a model with its language-model head");
    }
}
