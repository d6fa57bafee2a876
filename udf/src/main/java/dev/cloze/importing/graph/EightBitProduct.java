package dev.cloze.importing.graph;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One activation in 8 bits, and the products with it. The few channels with the largest values are multiplied in full precision. Of the
 * others each row is divided by its largest value and put on a grid that is the same for all rows, so that no row depends on
 * another one.
 */
final class EightBitProduct {
    /** Channels that are multiplied in full precision. */
    static final int APART = 8;

    private static final String DOMAIN = "com.microsoft";
    /** Below this a row is all zeros. */
    private static final float SMALLEST = 1e-6f;
    /** The smallest value of GELU is -0.1700, of its approximation with tanh -0.1704; ReLU's is 0. */
    private static final float LOWEST_OF_GELU = -0.1705f;

    private static final float HIGHEST_LOWEST_OF_GELU = -0.1695f;
    /** ReduceMax takes its axes as an input from here on. */
    private static final int AXES_AS_INPUT = 18;

    private final GraphWriter graph;
    private final String name;
    private final String input;
    private final int[] apart;
    private String scale;
    private String zero;
    private String quantised;
    private String largest;
    private String channels;

    /**
     * Puts the activation {@code input} on its grid.
     *
     * @param name before all names that are new
     * @param range what its values were in the calibration
     */
    EightBitProduct(GraphWriter graph, String name, String input, ChannelRange range, long opset) {
        this.graph = graph;
        this.name = name;
        this.input = input;
        this.apart = range.largest(Math.min(APART, range.channels()));
        quantise(grid(range), range.channels(), opset);
    }

    /** One-sided where the values come from GELU or ReLU, and are large enough that it is the finer one. */
    private Grid grid(ChannelRange range) {
        boolean isGelu = range.lowest() >= LOWEST_OF_GELU && range.lowest() <= HIGHEST_LOWEST_OF_GELU;
        boolean isLarge = range.mostWithout(apart) >= Grid.ONE_SIDED.leastLargest();
        return (isGelu || range.lowest() == 0) && isLarge ? Grid.ONE_SIDED : Grid.SYMMETRICAL;
    }

    /**
     * A grid of 8 bits for values from {@code -zero / steps} to 1.
     *
     * @param steps from 0 to 1
     * @param zero the step that is 0
     * @param leastLargest what a row is divided by at least
     */
    private record Grid(int steps, int zero, float leastLargest) {
        static final Grid SYMMETRICAL = new Grid(127, 128, SMALLEST);
        /** A row that is divided by 2.55 at least has nothing below step 0 where nothing is below what GELU gives. */
        static final Grid ONE_SIDED = new Grid(239, 16, 2.55f);
    }

    int[] apart() {
        return apart;
    }

    private void quantise(Grid grid, int width, long opset) {
        float[] kept = new float[width];
        Arrays.fill(kept, 1);
        for (int channel : apart) {
            kept[channel] = 0;
        }
        graph.floats(name + "kept", new long[] {width}, kept);
        graph.integers(name + "apart", IntStream.of(apart).asLongStream().toArray());
        graph.scalar(name + "least", grid.leastLargest());
        scale = graph.scalar(name + "scale", 1f / grid.steps());
        zero = unsigned(name + "zero", grid.zero());
        channels = graph.node("Gather", name + "channels", List.of(input, name + "apart"), attribute("axis", -1));
        String within = graph.node("Mul", name + "within", List.of(input, name + "kept"));
        String sizes = grid == Grid.ONE_SIDED ? within : graph.node("Abs", name + "sizes", List.of(within));
        String most = rowMaximum(sizes, opset);
        largest = graph.node("Max", name + "largest", List.of(most, name + "least"));
        String ratio = graph.node("Div", name + "ratio", List.of(within, largest));
        quantised = graph.node("QuantizeLinear", name + "quantised", List.of(ratio, scale, zero));
    }

    private String rowMaximum(String sizes, long opset) {
        if (opset >= AXES_AS_INPUT) {
            graph.integers(name + "axis", -1);
            return graph.node("ReduceMax", name + "most", List.of(sizes, name + "axis"));
        }
        return graph.node("ReduceMax", name + "most", List.of(sizes), attribute("axes", List.of(-1L)));
    }

    private String unsigned(String called, int value) {
        graph.graph()
                .addInitializer(OnnxMl.TensorProto.newBuilder()
                        .setName(called)
                        .setDataType(OnnxMl.TensorProto.DataType.UINT8.getNumber())
                        .addInt32Data(value));
        return called;
    }

    /**
     * Multiplies.
     *
     * @param product what is computed, in whose place this is
     * @param values name of the matrix in 8 bits
     * @param rowsApart those rows of the matrix that are computed in full precision
     */
    void multiply(OnnxMl.NodeProto product, String values, EightBitWeights weights, float[] rowsApart) {
        String output = product.getOutput(0);
        String of = name + output + "_";
        int columns = weights.scales().length;
        graph.floats(of + "scales", new long[] {columns}, weights.scales());
        graph.floats(of + "rows_apart", new long[] {apart.length, columns}, rowsApart);
        graph.graph()
                .addNode(OnnxMl.NodeProto.newBuilder()
                        .setName(of + "integers")
                        .setDomain(DOMAIN)
                        .setOpType("MatMulIntegerToFloat")
                        .addAllInput(List.of(quantised, values, scale, of + "scales", zero))
                        .addOutput(of + "integers"));
        String scaled = graph.node("Mul", of + "within", List.of(of + "integers", largest));
        String exact = graph.node("MatMul", of + "apart", List.of(channels, of + "rows_apart"));
        graph.node("Add", output, List.of(scaled, exact));
    }
}
