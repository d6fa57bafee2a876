package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;

import ai.onnx.proto.OnnxMl;
import java.util.List;
import java.util.Map;

/** Products of matrices. */
final class ProductRules {
    private ProductRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "MatMul", ProductRules::product,
                "FusedMatMul", ProductRules::productWithTransposed,
                "Gemm", ProductRules::gemm);
    }

    private static void product(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String left = node.getInput(0);
        String right = node.getInput(1);
        if (b.rank(left) < 2 || b.rank(right) < 2) {
            throw GradientRefusal.unsupported(node, "with a MatMul of a vector");
        }
        if (b.rank(right) == 2) {
            b.add(left, () -> b.productWithTransposed(g, right, 2));
            b.add(right, () -> overRows(left, g, b));
        } else {
            String output = node.getOutput(0);
            b.add(left, () -> b.unbroadcast(b.productWithTransposed(g, right, b.rank(right)), output, left));
            b.add(right, () -> b.unbroadcast(b.productOfTransposed(left, g, b.rank(left)), output, right));
        }
    }

    /** leftᵀ · right over all rows of both, whatever axes these stand in. */
    private static String overRows(String left, String right, BackwardPass b) {
        int rank = b.rank(left);
        return b.op("Gemm", List.of(b.flat(left), b.flat(right, rank)), attribute("transA", 1));
    }

    /** Of rows times the transpose of a matrix, as a head has it that is tied to the word embeddings. */
    private static void productWithTransposed(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String rows = node.getInput(0);
        String matrix = node.getInput(1);
        boolean plain = NodeAttributes.integer(node, "transB", 0) == 1
                && NodeAttributes.integer(node, "transA", 0) == 0
                && NodeAttributes.real(node, "alpha", 1) == 1
                && b.rank(matrix) == 2;
        if (!plain) {
            throw GradientRefusal.unsupported(node, "with a FusedMatMul other than rows times a transposed matrix");
        }
        int rank = b.rank(rows);
        b.add(rows, () -> b.op("MatMul", g, matrix));
        b.add(matrix, () -> b.op("Gemm", List.of(b.flat(g, rank), b.flat(rows)), attribute("transA", 1)));
    }

    /** Of α · A · B + β · C. */
    private static void gemm(OnnxMl.NodeProto node, String g, BackwardPass b) {
        String left = node.getInput(0);
        String right = node.getInput(1);
        long turnedLeft = NodeAttributes.integer(node, "transA", 0);
        long turnedRight = NodeAttributes.integer(node, "transB", 0);
        OnnxMl.AttributeProto alpha = attribute("alpha", NodeAttributes.real(node, "alpha", 1));
        b.add(
                left,
                () -> turnedLeft == 1
                        ? gemm(right, turnedRight, g, 1, alpha, b)
                        : gemm(g, 0, right, 1 - turnedRight, alpha, b));
        b.add(
                right,
                () -> turnedRight == 1
                        ? gemm(g, 1, left, turnedLeft, alpha, b)
                        : gemm(left, 1 - turnedLeft, g, 0, alpha, b));
        if (node.getInputCount() > 2) {
            b.add(node.getInput(2), () -> {
                String sum = b.unbroadcast(g, node.getOutput(0), node.getInput(2));
                float beta = NodeAttributes.real(node, "beta", 1);
                return beta == 1 ? sum : b.multiply(sum, b.number(beta));
            });
        }
    }

    private static String gemm(
            String left, long turnedLeft, String right, long turnedRight, OnnxMl.AttributeProto alpha, BackwardPass b) {
        return b.op(
                "Gemm", List.of(left, right), attribute("transA", turnedLeft), attribute("transB", turnedRight), alpha);
    }
}
