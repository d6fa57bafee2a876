package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import java.util.List;
import java.util.Map;

/** Operators that compute one element from one element of each input, inputs being broadcast to each other. */
final class ElementwiseRules {
    private ElementwiseRules() {}

    static Map<String, GradientRule> all() {
        return Map.ofEntries(
                Map.entry("Identity", (node, g, b) -> b.add(node.getInput(0), g)),
                Map.entry("Cast", ElementwiseRules::cast),
                Map.entry("Add", ElementwiseRules::add),
                Map.entry("Sub", ElementwiseRules::subtract),
                Map.entry("Mul", ElementwiseRules::multiply),
                Map.entry("Div", ElementwiseRules::divide),
                Map.entry("Neg", (node, g, b) -> b.add(node.getInput(0), b.op("Neg", g))),
                Map.entry("Sqrt", ElementwiseRules::root),
                Map.entry("Exp", (node, g, b) -> b.add(node.getInput(0), b.multiply(g, node.getOutput(0)))),
                Map.entry("Relu", ElementwiseRules::relu),
                Map.entry("Tanh", ElementwiseRules::tanh),
                Map.entry("Sigmoid", ElementwiseRules::sigmoid),
                Map.entry("Erf", ElementwiseRules::erf),
                Map.entry("Gelu", ElementwiseRules::gelu),
                Map.entry("Pow", ElementwiseRules::power),
                Map.entry("Where", ElementwiseRules::where));
    }

    private static void cast(OnnxMl.NodeProto node, String g, BackwardPass b) {
        b.add(
                node.getInput(0),
                () -> b.op("Cast", List.of(g), attribute("to", b.real().getNumber())));
    }

    private static void add(OnnxMl.NodeProto node, String g, BackwardPass b) {
        node.getInputList().forEach(input -> b.add(input, () -> b.unbroadcast(g, node.getOutput(0), input)));
    }

    private static void subtract(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String output = node.getOutput(0);
        b.add(node.getInput(0), () -> b.unbroadcast(g, output, node.getInput(0)));
        b.add(node.getInput(1), () -> b.op("Neg", b.unbroadcast(g, output, node.getInput(1))));
    }

    private static void multiply(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String left = node.getInput(0);
        String right = node.getInput(1);
        String output = node.getOutput(0);
        b.add(left, () -> b.unbroadcast(b.multiply(g, right), output, left));
        b.add(right, () -> b.unbroadcast(b.multiply(g, left), output, right));
    }

    /** Of x / y: g / y, and -g · (x / y) / y. */
    private static void divide(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String above = node.getInput(0);
        String below = node.getInput(1);
        String output = node.getOutput(0);
        b.add(above, () -> b.unbroadcast(b.op("Div", g, below), output, above));
        b.add(below, () -> {
            String share = b.op("Div", b.multiply(g, output), below);
            return b.op("Neg", b.unbroadcast(share, output, below));
        });
    }

    /** Of √x: g / (2 √x). */
    private static void root(OnnxMl.NodeProto node, String g, BackwardPass b) {
        b.add(node.getInput(0), () -> b.op("Div", b.multiply(g, b.number(0.5)), node.getOutput(0)));
    }

    /** Of max(x, 0): g where x is positive. */
    private static void relu(OnnxMl.NodeProto node, String g, BackwardPass b) {
        b.add(node.getInput(0), () -> {
            String positive = b.op("Greater", node.getInput(0), b.number(0));
            return b.op("Where", positive, g, b.number(0));
        });
    }

    /** Of tanh x: g · (1 - tanh² x). */
    private static void tanh(OnnxMl.NodeProto node, String g, BackwardPass b) {
        b.add(node.getInput(0), () -> b.multiply(g, oneLessSquare(node.getOutput(0), b)));
    }

    private static String oneLessSquare(String value, BackwardPass b) {
        return b.op("Sub", b.number(1), b.multiply(value, value));
    }

    /** Of σ(x): g · σ(x) · (1 - σ(x)). */
    private static void sigmoid(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String y = node.getOutput(0);
        b.add(node.getInput(0), () -> b.multiply(g, b.multiply(y, b.op("Sub", b.number(1), y))));
    }

    /** Of erf x: g · 2/√π · exp(-x²). */
    private static void erf(OnnxMl.NodeProto node, String g, BackwardPass b) {
        b.add(node.getInput(0), () -> b.multiply(g, slopeOfErf(node.getInput(0), b)));
    }

    private static String slopeOfErf(String x, BackwardPass b) {
        String bell = b.op("Exp", b.op("Neg", b.multiply(x, x)));
        return b.multiply(bell, b.number(2 / Math.sqrt(Math.PI)));
    }

    private static void gelu(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String x = node.getInput(0);
        boolean ofTanh = NodeAttributes.text(node, "approximate", "none").equals("tanh");
        b.add(x, () -> b.multiply(g, ofTanh ? slopeOfGeluOfTanh(x, b) : slopeOfGelu(x, b)));
    }

    /** Φ(x) + x · φ(x), with the distribution and the density of the normal distribution. */
    private static String slopeOfGelu(String x, BackwardPass b) {
        String scaled = b.multiply(x, b.number(Math.sqrt(0.5)));
        String distribution = b.multiply(b.op("Add", b.op("Erf", scaled), b.number(1)), b.number(0.5));
        String density = b.multiply(slopeOfErf(scaled, b), b.number(Math.sqrt(0.5) / 2));
        return b.op("Add", distribution, b.multiply(x, density));
    }

    /** Of x / 2 · (1 + t) with t = tanh(u): (1 + t) / 2 + x / 2 · (1 - t²) · u'. */
    private static String slopeOfGeluOfTanh(String x, BackwardPass b) {
        double root = Math.sqrt(2 / Math.PI);
        String square = b.multiply(x, x);
        String inner = b.op("Add", b.number(root), b.multiply(square, b.number(root * 0.044715)));
        String t = b.op("Tanh", b.multiply(x, inner));
        String slope = b.op("Add", b.number(root), b.multiply(square, b.number(3 * root * 0.044715)));
        String risen = b.op("Add", t, b.number(1));
        String steep = b.multiply(b.multiply(x, oneLessSquare(t, b)), slope);
        return b.multiply(b.op("Add", risen, steep), b.number(0.5));
    }

    /** Of xᵖ with a constant p: g · p · xᵖ⁻¹. */
    private static void power(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String base = node.getInput(0);
        String exponent = node.getInput(1);
        if (b.needs(exponent)) {
            throw GradientRefusal.unsupported(node, "by the exponent of a Pow");
        }
        b.add(base, () -> {
            String lower = b.op("Pow", base, b.op("Sub", exponent, b.op("CastLike", b.number(1), exponent)));
            String factor =
                    b.op("Cast", List.of(exponent), attribute("to", b.real().getNumber()));
            return b.unbroadcast(b.multiply(g, b.multiply(factor, lower)), node.getOutput(0), base);
        });
    }

    private static void where(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String condition = node.getInput(0);
        String output = node.getOutput(0);
        String then = node.getInput(1);
        String otherwise = node.getInput(2);
        b.add(then, () -> b.unbroadcast(b.op("Where", condition, g, b.number(0)), output, then));
        b.add(otherwise, () -> b.unbroadcast(b.op("Where", condition, b.number(0), g), output, otherwise));
    }
}
