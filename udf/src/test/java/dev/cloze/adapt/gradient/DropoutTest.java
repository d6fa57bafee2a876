package dev.cloze.adapt.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import dev.cloze.bundle.Bundle;
import dev.cloze.importing.TinyBert;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
    @TempDir
    Path directory;

    /** Behind the embeddings, and three a layer: in the attention, behind it, and behind the feed-forward part. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert",
                "bert",
                "bert-dynamo",
                "deberta-v2",
                "distilbert",
                "electra",
                "modernbert",
                "mpnet",
                "roberta",
                "xlm-roberta"
            })
    void placesAreThoseOfTheTrainingThatTheFamilyHad(String family) throws Exception {
        TrainableModel model = TrainableModel.read(export(family), "logits");
        for (GradientGraph graph : model.gradientsWithDropout()) {
            OnnxMl.GraphProto backward =
                    OnnxMl.ModelProto.parseFrom(graph.backward()).getGraph();
            long layers = backward.getNodeList().stream()
                    .filter(node -> node.getOpType().equals("Softmax"))
                    .count();
            assertThat(layers).isPositive();
            assertThat(backward.getNodeList())
                    .filteredOn(node -> node.getName().matches("cloze_d/\\d+/dropped"))
                    .hasSize(1 + 3 * (int) layers);
            assertThat(OnnxMl.ModelProto.parseFrom(graph.forward()).getGraph().getNodeList())
                    .noneMatch(node -> node.getName().startsWith("cloze_d/"));
        }
    }

    @Test
    void nothingIsDroppedAtARateOfZero() {
        TrainableModel model = tiny();
        MaskedBatch batch = FamilyGradientTest.batch();
        try (ModelGradient with = new ModelGradient(model.gradientsWithDropout().get(0), model.parameters());
                ModelGradient without = new ModelGradient(model.gradients().get(0), model.parameters())) {
            with.drop(0, 0.3);

            assertThat(with.lossAndGradients(batch, 1)).isCloseTo(without.lossAndGradients(batch, 1), within(1e-6));
            assertThat(GradientCheck.largest(with, model.parameters(), batch)
                            .orElseThrow()
                            .relative())
                    .isLessThan(0.02);
        }
    }

    @Test
    void whatIsDroppedDependsOnTheDrawAlone() {
        TrainableModel model = tiny();
        try (ModelGradient gradient =
                new ModelGradient(model.gradientsWithDropout().get(0), model.parameters())) {
            List<List<Float>> found = new ArrayList<>();
            for (double draw : new double[] {0.25, 0.5, 0.25}) {
                gradient.drop(0.1, draw);
                gradient.lossAndGradients(FamilyGradientTest.batch(), 1);
                found.add(
                        copy(gradient.gradients().get(model.parameters().get(0).name())));
            }
            assertThat(found.get(0)).isEqualTo(found.get(2)).isNotEqualTo(found.get(1));
        }
    }

    /** The mean over many draws of a loss that is nearly linear in what is dropped. */
    @Test
    void lossesWithDropoutLieAroundTheOneWithout() {
        TrainableModel model = tiny();
        MaskedBatch batch = FamilyGradientTest.batch();
        int draws = 200;
        try (ModelGradient gradient =
                new ModelGradient(model.gradientsWithDropout().get(0), model.parameters())) {
            double without = gradient.loss(batch, 1);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < draws; i++) {
                gradient.drop(0.1, (i + 0.5) / draws);
                double difference = gradient.lossAndGradients(batch, 1) - without;
                sum += difference;
                squares += difference * difference;
            }
            double deviation = Math.sqrt(squares / draws);
            assertThat(deviation).isPositive();
            assertThat(Math.abs(sum / draws)).isLessThan(deviation);
        }
    }

    private TrainableModel tiny() {
        return TrainableModel.read(TinyBert.write(directory, "tiny").file(Bundle.MODEL), "logits");
    }

    private static List<Float> copy(FloatBuffer values) {
        List<Float> copy = new ArrayList<>();
        for (int i = 0; i < values.limit(); i++) {
            copy.add(values.get(i));
        }
        return copy;
    }

    private static Path export(String family) throws URISyntaxException {
        return Path.of(DropoutTest.class
                .getResource("/dev/cloze/exports/" + family + "/model.onnx")
                .toURI());
    }
}
