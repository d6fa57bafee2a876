package dev.cloze.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.family.Families;
import dev.cloze.importing.family.FamilyConfig;
import dev.cloze.importing.graph.WeightFile;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import dev.cloze.importing.weights.Checkpoint;
import dev.cloze.importing.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model that comes as weights alone: its graph is built here, and its weights are written beside it in the order in which the graph reads them.
 *
 * @param type its family, as {@code model_type} names it
 * @param config what its {@code config.json} says
 * @param weights of the checkpoint
 */
record CheckpointGraph(String type, FamilyConfig config, Weights weights) {
    private static final String WEIGHTS = Bundle.MODEL + "_data";
    private static final String EXPORT = "export the model to ONNX and import that";

    /** The checkpoint in {@code files}, if there is one. */
    static Optional<CheckpointGraph> find(SourceDirectory files, JsonNode json, Subject subject) {
        FamilyConfig config = new FamilyConfig(json, subject);
        return Checkpoint.find(files, subject)
                .map(weights -> new CheckpointGraph(type(config, weights), config, weights));
    }

    private static String type(FamilyConfig config, Weights weights) {
        String type = Families.typeOf(config, weights).orElseThrow(() -> config.subject()
                .refuse(
                        "its config.json has no model_type, and the names of its weights do not tell the family either",
                        "add the model_type to config.json"));
        if (!Families.types().contains(type)) {
            throw config.subject()
                    .refuse(
                            "it comes as weights of the family " + Subject.shown(type)
                                    + ", and Cloze builds the networks of these families only: "
                                    + String.join(", ", Families.types()),
                            EXPORT);
        }
        return type;
    }

    /** {@code config.json}, with the family where it does not name it. */
    JsonNode describedConfig() {
        ObjectNode described = config.json().deepCopy();
        return described.put("model_type", type);
    }

    /** Writes {@code model.onnx} and its weights into {@code target}. */
    void write(Path target) {
        try (WeightFile file = WeightFile.create(target.resolve(WEIGHTS))) {
            Files.write(
                    target.resolve(Bundle.MODEL),
                    Families.graph(type, config, weights, file).toByteArray());
        } catch (IOException | UncheckedIOException e) {
            throw ClozeException.resources(
                    config.subject().action() + " into " + target,
                    String.valueOf(e.getMessage()),
                    "make the files readable and room there",
                    e);
        }
    }
}
