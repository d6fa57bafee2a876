package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.TensorValues;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Matrices that are there twice: exporters write the word embeddings once for the embeddings and once more, transposed, for the head.
 * In training they are one.
 */
public final class TiedWeights {
    /** How exporters name what they computed of a matrix. */
    private static final String GENERATED = "onnx::";

    private TiedWeights() {}

    /**
     * A second copy of a parameter.
     *
     * @param name of the copy
     * @param original the parameter that it equals
     * @param isTransposed whether it equals the parameter's transpose
     */
    public record Copy(String name, String original, boolean isTransposed) {
        /** The copy of what the original has become. */
        Parameter of(Parameter parameter) {
            return isTransposed ? transposed(parameter) : new Parameter(name, parameter.shape(), parameter.values());
        }

        private Parameter transposed(Parameter parameter) {
            int rows = (int) parameter.shape()[0];
            int columns = (int) parameter.shape()[1];
            FloatBuffer turned = TensorValues.direct(parameter.count());
            for (int j = 0; j < columns; j++) {
                for (int i = 0; i < rows; i++) {
                    turned.put(j * rows + i, parameter.values().get(i * columns + j));
                }
            }
            return new Parameter(name, new long[] {columns, rows}, turned);
        }
    }

    /** All copies among {@code parameters}, found by comparing every bit. */
    static List<Copy> find(List<Parameter> parameters, OnnxMl.GraphProto graph) {
        Set<String> looked = lookedUp(graph);
        List<Parameter> originals = new ArrayList<>();
        List<Copy> copies = new ArrayList<>();
        List<Parameter> tablesFirst = new ArrayList<>(parameters);
        tablesFirst.sort((a, b) -> Boolean.compare(looked.contains(b.name()), looked.contains(a.name())));
        for (Parameter parameter : tablesFirst) {
            if (parameter.shape().length != 2 || isConstant(parameter.values())) {
                continue;
            }
            originals.stream()
                    .filter(original -> mayBeCopy(parameter, original, looked) && isCopy(parameter, original))
                    .findFirst()
                    .ifPresentOrElse(
                            original -> copies.add(
                                    new Copy(parameter.name(), original.name(), !areEqual(parameter, original))),
                            () -> originals.add(parameter));
        }
        return copies;
    }

    private static Set<String> lookedUp(OnnxMl.GraphProto graph) {
        Set<String> tables = new HashSet<>();
        graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("Gather"))
                .forEach(node -> tables.add(node.getInput(0)));
        return tables;
    }

    /** Two matrices that both have names of their own are two, even when they are equal, such as those of a layer that was doubled. */
    private static boolean mayBeCopy(Parameter copy, Parameter original, Set<String> looked) {
        return looked.contains(original.name()) || copy.name().startsWith(GENERATED);
    }

    /** What was never trained may be equal by chance, such as matrices of zeros. */
    private static boolean isConstant(FloatBuffer values) {
        for (int i = 1; i < values.limit(); i++) {
            if (values.get(i) != values.get(0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCopy(Parameter copy, Parameter original) {
        return areEqual(copy, original) || areTransposed(copy, original);
    }

    private static boolean areEqual(Parameter left, Parameter right) {
        return left.shape()[0] == right.shape()[0]
                && left.shape()[1] == right.shape()[1]
                && left.values().equals(right.values());
    }

    private static boolean areTransposed(Parameter left, Parameter right) {
        int rows = (int) left.shape()[0];
        int columns = (int) left.shape()[1];
        if (right.shape()[0] != columns || right.shape()[1] != rows) {
            return false;
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                if (left.values().get(i * columns + j) != right.values().get(j * rows + i)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The same graph, reading the originals only. */
    static OnnxMl.GraphProto shared(OnnxMl.GraphProto graph, List<Copy> copies) {
        Map<String, Copy> byName = new HashMap<>();
        copies.forEach(copy -> byName.put(copy.name(), copy));
        OnnxMl.GraphProto.Builder shared = graph.toBuilder().clearNode();
        Set<String> turned = new HashSet<>();
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            for (String input : node.getInputList()) {
                Copy copy = byName.get(input);
                if (copy != null && copy.isTransposed() && turned.add(input)) {
                    shared.addNode(transpose(copy));
                }
            }
            shared.addNode(reading(node, byName));
        }
        return shared.build();
    }

    private static OnnxMl.NodeProto transpose(Copy copy) {
        String output = turned(copy);
        return OnnxMl.NodeProto.newBuilder()
                .setName(output)
                .setOpType("Transpose")
                .addInput(copy.original())
                .addOutput(output)
                .addAttribute(attribute("perm", List.of(1L, 0L)))
                .build();
    }

    private static OnnxMl.NodeProto reading(OnnxMl.NodeProto node, Map<String, Copy> copies) {
        OnnxMl.NodeProto.Builder reading = node.toBuilder().clearInput();
        for (String input : node.getInputList()) {
            Copy copy = copies.get(input);
            reading.addInput(copy == null ? input : copy.isTransposed() ? turned(copy) : copy.original());
        }
        return reading.build();
    }

    private static String turned(Copy copy) {
        return "cloze_turned/" + copy.name();
    }
}
