package dev.cloze.importing.graph;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.model.ScoringSignature;
import java.util.List;

/**
 * The end of a scoring graph as a loop over the wanted positions, {@value #PART} at a time: logits are as wide as the vocabulary,
 * and of a text with thousands of positions they would outgrow everything else.
 */
final class PartwiseHead {
    /** Enough that a product is worth its start; 256 rows of 30,522 logits are 31 MB. */
    private static final int PART = 256;

    private static final String PREFIX = "cloze_";
    private static final String SIZE = PREFIX + "part_size";
    private static final String FROM = PREFIX + "part_from";
    private static final String TO = PREFIX + "part_to";
    private static final String AXIS = PREFIX + "part_axis";
    private static final String GOES_ON = PREFIX + "goes_on";
    private static final String BEFORE = "_before";
    private static final String AFTER = "_after";
    private static final OnnxMl.TensorProto.DataType FLOAT = OnnxMl.TensorProto.DataType.FLOAT;
    private static final OnnxMl.TensorProto.DataType INTEGER = OnnxMl.TensorProto.DataType.INT64;

    private final GraphWriter graph;
    private final GraphWriter body = new GraphWriter(PREFIX + "head", TensorStore.INSIDE);

    /** @param graph takes what {@link ScoringSignature} names beside the tokens */
    PartwiseHead(GraphWriter graph) {
        this.graph = graph;
        graph.integers(SIZE, PART);
        graph.integers(AXIS, 1);
        String part = body.input(PREFIX + "part");
        body.input(GOES_ON, OnnxMl.TensorProto.DataType.BOOL);
        body.node("Mul", FROM, List.of(part, SIZE));
        body.node("Add", TO, List.of(FROM, SIZE));
    }

    /** What of {@code rows [1, positions, width]} the loop sees at a time. */
    String part(String rows) {
        return body.node("Slice", rows + "_part", List.of(rows, FROM, TO, AXIS));
    }

    /** A node that computes rows from rows. */
    void add(OnnxMl.NodeProto node) {
        body.graph().addNode(node);
    }

    /** From logits {@code [1, positions of a part, vocabulary]} to what {@link ScoringSignature} promises of all positions. */
    void end(String logits) {
        String wide = body.node("Cast", PREFIX + "logits", List.of(logits), attribute("to", FLOAT.getNumber()));
        String all = body.node("LogSoftmax", PREFIX + "log_probabilities", List.of(wide), attribute("axis", -1));
        String top = PREFIX + "part_top";
        String ids = PREFIX + "part_top_ids";
        body.node("TopK", List.of(top, ids), List.of(all, ScoringSignature.TOP_K), attribute("axis", -1));
        String asked = part(ScoringSignature.CANDIDATES);
        String found = body.node("GatherElements", PREFIX + "part_found", List.of(all, asked), attribute("axis", -1));
        body.node("Identity", GOES_ON + AFTER, List.of(GOES_ON));
        body.output(GOES_ON + AFTER, OnnxMl.TensorProto.DataType.BOOL);
        grow(ScoringSignature.TOP_LOG_PROBABILITIES, FLOAT, top);
        grow(ScoringSignature.TOP_IDS, INTEGER, ids);
        grow(ScoringSignature.CANDIDATE_LOG_PROBABILITIES, FLOAT, found);
        loop();
    }

    /** {@code name} is what came of the parts before, and then of this one. */
    private void grow(String name, OnnxMl.TensorProto.DataType type, String part) {
        String before = body.input(name + BEFORE, type, 1, name + "_count", name + "_width");
        body.node("Concat", name + AFTER, List.of(before, part), attribute("axis", 1));
        body.output(name + AFTER, type, 1, name + "_counted", name + "_width");
    }

    private void loop() {
        graph.integers(PREFIX + "none", 0);
        graph.integers(PREFIX + "two", 2);
        graph.integers(PREFIX + "three", 3);
        String shape = graph.node("Shape", PREFIX + "shape_of_candidates", List.of(ScoringSignature.CANDIDATES));
        String width =
                graph.node("Slice", PREFIX + "candidates_width", List.of(shape, PREFIX + "two", PREFIX + "three"));
        String count = graph.node("Slice", PREFIX + "position_count", List.of(shape, AXIS, PREFIX + "two"));
        graph.integers(PREFIX + "part_size_less_one", PART - 1);
        String more = graph.node("Add", PREFIX + "filled_count", List.of(count, PREFIX + "part_size_less_one"));
        String parts = graph.node("Div", PREFIX + "parts", List.of(more, SIZE));
        List<String> results = List.of(
                ScoringSignature.TOP_LOG_PROBABILITIES,
                ScoringSignature.TOP_IDS,
                ScoringSignature.CANDIDATE_LOG_PROBABILITIES);
        nothing(results.get(0), FLOAT, ScoringSignature.TOP_K);
        nothing(results.get(1), INTEGER, ScoringSignature.TOP_K);
        nothing(results.get(2), FLOAT, width);
        graph.node(
                "Loop",
                results,
                List.of(
                        parts,
                        "",
                        results.get(0) + "_nothing",
                        results.get(1) + "_nothing",
                        results.get(2) + "_nothing"),
                attribute("body", body.graph()));
    }

    /** {@code [1, 0, width]}: what there is before the first part. */
    private void nothing(String name, OnnxMl.TensorProto.DataType type, String width) {
        String shape = graph.node(
                "Concat", name + "_nothing_shape", List.of(AXIS, PREFIX + "none", width), attribute("axis", 0));
        OnnxMl.TensorProto.Builder zero =
                OnnxMl.TensorProto.newBuilder().setDataType(type.getNumber()).addDims(1);
        graph.node(
                "ConstantOfShape",
                name + "_nothing",
                List.of(shape),
                attribute("value", type == FLOAT ? zero.addFloatData(0) : zero.addInt64Data(0)));
    }
}
