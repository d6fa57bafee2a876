package dev.cloze.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.graph.PlainModel;
import dev.cloze.importing.graph.PlainModel.Answers;
import dev.cloze.importing.graph.Precision;
import dev.cloze.importing.graph.WithoutKvCache;
import dev.cloze.importing.layout.Layout;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import dev.cloze.importing.tokenizer.SpecialTokens;
import dev.cloze.importing.tokenizer.TokenizerProbe;
import dev.cloze.importing.tokenizer.VocabularyFiles;
import dev.cloze.model.ScoringSignature;
import dev.cloze.onnx.OnnxSession;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Imports a masked or causal language model in the layout of Hugging Face: a directory with an ONNX export or a checkpoint, {@code
 * config.json} and a tokenizer.
 */
public final class HuggingFaceExport {
    private static final String LOGITS = "logits";
    /** The cache of tokens that an export for generating text gives back. */
    private static final String PRESENT = "present";

    private static final int RANK = 3;

    private final Subject subject;
    private final SourceDirectory files;
    /** The exported graph; absent of a model that comes as weights. */
    private final Optional<String> graph;

    private final Optional<CheckpointGraph> checkpoint;
    /** The tokenizer to write when {@code tokenizer.json} is absent or must be changed; empty when the file is copied. */
    private final Optional<JsonNode> replacementTokenizer;

    private final ExportSettings settings;
    private final StageListener stages;

    private HuggingFaceExport(Path source, Optional<String> graph, StageListener stages) {
        this.stages = stages;
        this.subject = new Subject("import model " + source);
        this.files = SourceDirectory.of(source, subject);
        JsonNode described = files.json(Bundle.CONFIG).orElseThrow(() -> incomplete(Bundle.CONFIG));
        this.graph = graph;
        this.checkpoint = graph.isPresent() ? Optional.empty() : CheckpointGraph.find(files, described, subject);
        JsonNode config = checkpoint.map(CheckpointGraph::describedConfig).orElse(described);
        JsonNode nothing = new ObjectMapper().createObjectNode();
        JsonNode tokenizerConfig = files.json("tokenizer_config.json").orElse(nothing);
        JsonNode specialTokens = files.json("special_tokens_map.json").orElse(nothing);
        VocabularyFiles vocabulary =
                new VocabularyFiles(files, config.path("model_type").asText(), tokenizerConfig, subject);
        Optional<JsonNode> file = files.json(Bundle.TOKENIZER);
        JsonNode tokenizer = file.or(vocabulary::tokenizer)
                .map(vocabulary::configured)
                .orElseThrow(() -> incomplete(Bundle.TOKENIZER));
        this.replacementTokenizer = Optional.of(tokenizer)
                .filter(read -> file.filter(same -> same == read).isEmpty());
        SpecialTokens tokens = new SpecialTokens(List.of(tokenizerConfig, specialTokens), tokenizer, config);
        this.settings = new ExportSettings(config, tokenizer, tokenizerConfig, tokens, subject);
    }

    /** Writes the bundle {@code name} of the model in {@code source} into the empty directory {@code target}. */
    public static Bundle write(Path source, String name, Path target) {
        Layout layout = Layout.of(source, Optional.empty(), new Subject("import model " + source));
        return write(layout.directory(), layout.graph(), name, target, StageListener.UNHEARD);
    }

    /** @param graph the ONNX file in {@code source}; absent of a model that comes as weights */
    static Bundle write(Path source, Optional<String> graph, String name, Path target, StageListener stages) {
        return new HuggingFaceExport(source, graph, stages).write(name, target);
    }

    private Bundle write(String name, Path target) {
        int vocabularySize = settings.vocabularySize();
        int positions = settings.positionLimit();
        String precision = writeGraph(target);
        new ExportFiles(files, subject).writeDescriptions(replacementTokenizer, target);
        stages.begin(WorkerMessage.Stage.GRAPH);
        String logits = checkedLogits(target.resolve(Bundle.MODEL), vocabularySize);
        PlainModel plain = PlainModel.of(target, logits);
        Answers answers = answers(plain, vocabularySize, positions);
        Manifest.Kind kind = answers.areCausal() ? Manifest.Kind.CAUSAL : Manifest.Kind.MASKED;
        settings.requireAsDeclared(kind);
        Manifest described = settings.manifest(name, kind, precision);
        stages.begin(WorkerMessage.Stage.TOKENIZER);
        TokenizerProbe.require(target.resolve(Bundle.TOKENIZER), described, subject);
        stages.begin(WorkerMessage.Stage.GRAPH);
        return BundleWriter.seal(target, described, plain);
    }

    /** Writes the plain graph with its weights into {@code target}; the precision of these. */
    private String writeGraph(Path target) {
        if (graph.isPresent()) {
            String place =
                    graph.filter(file -> files.find(file).isPresent()).orElseThrow(() -> incomplete(Bundle.MODEL));
            return Precision.of(new ExportFiles(files, subject).copyGraph(place, target));
        }
        checkpoint.orElseThrow(() -> incomplete(Bundle.MODEL)).write(target);
        return "fp32";
    }

    private Answers answers(PlainModel plain, int vocabularySize, int positions) {
        Answers answers = computed(plain, vocabularySize, positions);
        if (!answers.areNumbers()) {
            throw subject.refuse(
                    "its graph computes values that are not numbers (NaN)",
                    "its weights are damaged, or were made with too little precision: export the model again");
        }
        if (answers.columns() != vocabularySize) {
            throw unfit("its logits have " + answers.columns() + " columns, config.json says that vocab_size is "
                    + vocabularySize);
        }
        return answers;
    }

    private Answers computed(PlainModel plain, int vocabularySize, int positions) {
        try {
            return plain.answers(vocabularySize, positions);
        } catch (IllegalStateException e) {
            throw subject.refuse(
                    "ONNX Runtime cannot compute its graph: " + Causes.firstLine(e),
                    repair("export the model with dynamic batch and sequence axes"),
                    e);
        }
    }

    private String checkedLogits(Path graph, int vocabularySize) {
        try (OnnxSession session = open(graph)) {
            Set<String> unknown = WithoutKvCache.unknown(session.inputs().keySet());
            if (!unknown.isEmpty() || !session.inputs().containsKey(ScoringSignature.INPUT_IDS)) {
                throw unfit("it has the inputs " + session.inputs().keySet()
                        + ", a language model has input_ids, attention_mask, token_type_ids, position_ids and"
                        + " past_key_values.*");
            }
            settings.requireOrdinaryTypes(session.inputs().keySet());
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
                    repair("export the model again, with operators that ONNX Runtime knows"),
                    e);
        }
    }

    /** Of a graph that was built here, only what it was built from can be wrong. */
    private String repair(String ofExport) {
        return checkpoint.isPresent() ? "use the config.json that was saved with the weights" : ofExport;
    }

    private ClozeException incomplete(String file) {
        return subject.refuse(
                "it has no " + file,
                "put config.json, tokenizer.json and model.onnx or model.safetensors of one model there");
    }

    private ClozeException unfit(String why) {
        return subject.refuse(why, "export a model with its language-model head");
    }
}
