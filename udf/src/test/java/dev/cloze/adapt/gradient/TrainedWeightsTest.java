package dev.cloze.adapt.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.TensorValues;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which tensors are one, and which are not trained. */
class TrainedWeightsTest {
    private static final int ROWS = 20;
    private static final int COLUMNS = 8;

    @Test
    void aTableOfSinesAndCosinesIsNotTrained() {
        // As DistilBERT's create_sinusoidal_embeddings.
        FloatBuffer sines = TensorValues.direct(ROWS * COLUMNS);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                double angle = row / Math.pow(10000, 2 * (column / 2) / (double) COLUMNS);
                sines.put(row * COLUMNS + column, (float) (column % 2 == 0 ? Math.sin(angle) : Math.cos(angle)));
            }
        }

        assertThat(SinusoidalTable.is(table("positions", sines))).isTrue();
        assertThat(SinusoidalTable.is(table("positions", drawn(1)))).isFalse();
        sines.put(3 * COLUMNS, 1.5f);
        assertThat(SinusoidalTable.is(table("positions", sines))).isFalse();
    }

    @Test
    void aHeadThatEqualsTheTableOfWordsIsTiedToIt() {
        assertThat(TiedWeights.find(List.of(table("head.weight", drawn(1)), table("words", drawn(1))), graph("words")))
                .containsExactly(new TiedWeights.Copy("head.weight", "words", false));
    }

    @Test
    void layersThatAreEqualAreTwoUnlessTheirNamesWereGenerated() {
        List<Parameter> doubled = List.of(table("layer.0.weight", drawn(1)), table("layer.1.weight", drawn(1)));
        List<Parameter> generated = List.of(table("layer.0.weight", drawn(1)), table("onnx::MatMul_7", drawn(1)));

        assertThat(TiedWeights.find(doubled, graph("words"))).isEmpty();
        assertThat(TiedWeights.find(generated, graph("words")))
                .containsExactly(new TiedWeights.Copy("onnx::MatMul_7", "layer.0.weight", false));
    }

    private static OnnxMl.GraphProto graph(String table) {
        return OnnxMl.GraphProto.newBuilder()
                .addNode(OnnxMl.NodeProto.newBuilder()
                        .setOpType("Gather")
                        .addInput(table)
                        .addInput("ids"))
                .build();
    }

    private static Parameter table(String name, FloatBuffer values) {
        return new Parameter(name, new long[] {ROWS, COLUMNS}, values);
    }

    private static FloatBuffer drawn(int seed) {
        FloatBuffer values = TensorValues.direct(ROWS * COLUMNS);
        Random random = new Random(seed);
        for (int i = 0; i < values.limit(); i++) {
            values.put(i, (float) random.nextGaussian());
        }
        return values;
    }
}
