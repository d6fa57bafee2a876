package dev.cloze.sharing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.adapt.Adaptation;
import dev.cloze.adapt.TensorNames;
import dev.cloze.adapt.gradient.Parameter;
import dev.cloze.adapt.gradient.TrainableModel;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.graph.PlainModel;
import dev.cloze.importing.graph.TensorValues;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes a masked model as a directory that {@code from_pretrained} of transformers loads. */
public final class TransformersDirectory {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** What transformers calls special tokens, and which ones they are. */
    private static final Map<String, List<String>> ROLES = new TreeMap<>(Map.of(
            "cls_token", List.of("[CLS]", "<s>"),
            "sep_token", List.of("[SEP]", "</s>"),
            "unk_token", List.of("[UNK]", "<unk>")));

    private final Bundle bundle;
    private final String action;

    private TransformersDirectory(Bundle bundle) {
        this.bundle = bundle;
        this.action = "export model " + bundle.manifest().name();
    }

    /** Writes the model of {@code bundle} to {@code target}, which must not exist and appears complete. */
    public static void write(Bundle bundle, Path target) {
        new TransformersDirectory(bundle).write(target.toAbsolutePath().normalize());
    }

    private void write(Path target) {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw ClozeException.user(action + " to " + target, "it is there already", "choose another directory");
        }
        Adaptation.require(bundle);
        SortedMap<String, SafeTensorsWriter.Tensor> tensors = tensors();
        try {
            Files.createDirectories(target.getParent());
            Path unfinished = Files.createTempDirectory(target.getParent(), ".cloze-export");
            try {
                fill(unfinished, tensors);
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Directories.delete(unfinished);
            }
        } catch (IOException e) {
            throw ClozeException.resources(
                    action + " to " + target,
                    String.valueOf(e.getMessage()),
                    "make the place writable and room there",
                    e);
        }
    }

    private void fill(Path directory, SortedMap<String, SafeTensorsWriter.Tensor> tensors) throws IOException {
        SafeTensorsWriter.write(directory.resolve("model.safetensors"), tensors);
        ObjectNode config =
                (ObjectNode) JSON.readTree(bundle.file(Bundle.CONFIG).toFile());
        if (!config.hasNonNull("model_type")) {
            config.put("model_type", bundle.manifest().family());
        }
        JSON.writeValue(directory.resolve("config.json").toFile(), config);
        Files.copy(bundle.file(Bundle.TOKENIZER), directory.resolve("tokenizer.json"));
        JSON.writeValue(directory.resolve("tokenizer_config.json").toFile(), tokenizerConfig());
        Files.writeString(directory.resolve("README.md"), new ModelCard(bundle.manifest()).text());
    }

    /** Without it, transformers takes the length of texts to be without a limit. */
    private ObjectNode tokenizerConfig() throws IOException {
        Manifest manifest = bundle.manifest();
        ObjectNode config = JSON.createObjectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("model_max_length", manifest.positionLimit())
                .put("mask_token", manifest.maskToken())
                .put("pad_token", manifest.padToken())
                .put("clean_up_tokenization_spaces", manifest.cleanUp());
        Set<String> special = new HashSet<>();
        JSON.readTree(bundle.file(Bundle.TOKENIZER).toFile())
                .path("added_tokens")
                .forEach(token -> {
                    if (token.path("special").asBoolean()) {
                        special.add(token.path("content").asText());
                    }
                });
        // Without these, collators take them for words and mask them.
        ROLES.forEach((role, tokens) ->
                tokens.stream().filter(special::contains).findFirst().ifPresent(token -> config.put(role, token)));
        return config;
    }

    private SortedMap<String, SafeTensorsWriter.Tensor> tensors() {
        Path graph = bundle.file(Bundle.MODEL);
        TrainableModel model = TrainableModel.read(graph, PlainModel.logits(graph));
        TensorNames names = new TensorNames(model);
        SortedMap<String, SafeTensorsWriter.Tensor> tensors = new TreeMap<>();
        for (Parameter parameter : model.all()) {
            TensorNames.Name name = names.of(parameter)
                    .orElseThrow(() -> ClozeException.model(
                            action,
                            "its graph does not tell what transformers calls the weights \"" + parameter.name() + "\"",
                            "share the bundle's model.onnx instead, or adapt a model that was imported from"
                                    + " model.safetensors"));
            tensors.put(name.name(), name.isTransposed() ? transposed(parameter) : plain(parameter));
        }
        return tensors;
    }

    private static SafeTensorsWriter.Tensor plain(Parameter parameter) {
        return new SafeTensorsWriter.Tensor(parameter.shape(), parameter.values());
    }

    private static SafeTensorsWriter.Tensor transposed(Parameter parameter) {
        int rows = (int) parameter.shape()[0];
        int columns = (int) parameter.shape()[1];
        FloatBuffer turned = TensorValues.direct(parameter.count());
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                turned.put(j * rows + i, parameter.values().get(i * columns + j));
            }
        }
        return new SafeTensorsWriter.Tensor(new long[] {columns, rows}, turned);
    }
}
