package dev.cloze.importing.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.cloze.onnx.OnnxSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EightBitWeightsTest {
    private static final int ROWS = 64;
    private static final int COLUMNS = 48;
    private static final int[] APART = {3, 40};

    private final float[] matrix = matrix();
    private final EightBitWeights weights = EightBitWeights.of(matrix, COLUMNS, APART);

    @TempDir
    Path directory;

    private static float[] matrix() {
        Random random = new Random(5);
        float[] matrix = new float[ROWS * COLUMNS];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = (float) random.nextGaussian() * (1 + i % COLUMNS);
        }
        return matrix;
    }

    @Test
    void everyWeightIsAtMostHalfAStepFromItsOriginal() {
        for (int i = 0; i < matrix.length; i++) {
            float scale = weights.scales()[i % COLUMNS];
            int row = i / COLUMNS;
            float expected = row == 3 || row == 40 ? 0 : matrix[i];
            assertThat(weights.values()[i] * scale).isCloseTo(expected, within(scale * 0.501f));
        }
    }

    @Test
    void theLargestPairOfEachColumnUsesTheWholeGrid() {
        for (int column = 0; column < COLUMNS; column++) {
            int most = 0;
            for (int row = 0; row < ROWS; row += 2) {
                int first = weights.values()[row * COLUMNS + column];
                int second = weights.values()[(row + 1) * COLUMNS + column];
                most = Math.max(most, Math.max(first, 0) + Math.max(second, 0));
                most = Math.max(most, Math.max(-first, 0) + Math.max(-second, 0));
            }
            assertThat(most).isBetween(126, 128);
        }
    }

    @Test
    void rowsApartAreThoseOfTheMatrix() {
        assertThat(weights.rowsApart(matrix))
                .startsWith(Arrays.copyOfRange(matrix, 3 * COLUMNS, 4 * COLUMNS))
                .endsWith(Arrays.copyOfRange(matrix, 40 * COLUMNS, 41 * COLUMNS));
    }

    @Test
    void aColumnOfZerosStaysOne() {
        EightBitWeights zeros = EightBitWeights.of(new float[8], 2, new int[] {});

        assertThat(zeros.values()).containsOnly(0);
        assertThat(zeros.scales()).containsOnly(1);
    }

    @Test
    void thisProcessorAddsTheLargestActivationsWithoutCuttingAnySumOff() throws Exception {
        long[] expected = new long[COLUMNS];
        for (int i = 0; i < matrix.length; i++) {
            expected[i % COLUMNS] += 255 * weights.values()[i];
        }

        float[] found = productWithLargestActivations();

        for (int column = 0; column < COLUMNS; column++) {
            assertThat(found[column]).isEqualTo(expected[column]);
        }
    }

    /** What ONNX Runtime computes for a row of 255s on a grid of integers from 0 on. */
    private float[] productWithLargestActivations() throws Exception {
        GraphWriter writer = new GraphWriter("product", TensorStore.INSIDE);
        writer.input("count", 1);
        writer.graph()
                .addInitializer(OnnxMl.TensorProto.newBuilder()
                        .setName("weights")
                        .setDataType(OnnxMl.TensorProto.DataType.INT8.getNumber())
                        .addDims(ROWS)
                        .addDims(COLUMNS)
                        .setRawData(ByteString.copyFrom(weights.values())));
        OnnxMl.TensorProto.Builder full = OnnxMl.TensorProto.newBuilder()
                .setDataType(OnnxMl.TensorProto.DataType.UINT8.getNumber())
                .addDims(1)
                .addInt32Data(255);
        writer.integers("width", ROWS);
        writer.node("Concat", "shape", List.of("count", "width"), GraphWriter.attribute("axis", 0));
        writer.node("ConstantOfShape", "rows", List.of("shape"), GraphWriter.attribute("value", full));
        writer.scalar("one", 1);
        writer.graph()
                .addNode(OnnxMl.NodeProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setOpType("MatMulIntegerToFloat")
                        .addAllInput(List.of("rows", "weights", "one", "one"))
                        .addOutput("product"));
        writer.output("product", OnnxMl.TensorProto.DataType.FLOAT, "rows", COLUMNS);
        Path file = directory.resolve("product.onnx");
        OnnxMl.ModelProto model = writer.model().toBuilder()
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1))
                .build();
        Files.write(file, model.toByteArray());
        try (OnnxSession session = OnnxSession.open(file)) {
            return session.run(
                    Map.of("count", new OnnxSession.Input(new long[] {4}, 1)),
                    Set.of("product"),
                    outputs -> outputs.floats("product"));
        }
    }
}
