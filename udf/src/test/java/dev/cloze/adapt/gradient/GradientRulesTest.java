package dev.cloze.adapt.gradient;

import static dev.cloze.importing.graph.GraphWriter.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.cloze.failure.ClozeException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rule of every operator against central finite differences, in double precision where ONNX Runtime computes the operator so. */
class GradientRulesTest {
    private static final int DOUBLE = OnnxMl.TensorProto.DataType.DOUBLE.getNumber();

    static Stream<RuleCase> cases() {
        return Stream.of(elementwise(), shapes(), indexing(), normalizations(), products())
                .flatMap(List::stream);
    }

    private static List<RuleCase> elementwise() {
        return List.of(
                RuleCase.of("Identity").trained(2, 3),
                RuleCase.of("Cast", attribute("to", DOUBLE)).trained(2, 3),
                RuleCase.of("Add").trained(2, 1, 3).trained(4, 3),
                RuleCase.of("Sub").trained(3).trained(2, 4, 3),
                RuleCase.of("Mul").trained(2, 1, 3).trained(4, 1),
                RuleCase.of("Mul").trained(2, 3).fixed(2, 3),
                RuleCase.of("Div").trained(2, 3).positive(1, 3),
                RuleCase.of("Div").fixed(2, 1).positive(4, 2, 3),
                RuleCase.of("Neg").trained(5),
                RuleCase.of("Sqrt").positive(2, 3),
                RuleCase.of("Exp").trained(2, 3),
                RuleCase.of("Relu").trained(2, 3),
                RuleCase.of("Tanh").trained(2, 3),
                RuleCase.of("Sigmoid").trained(2, 3),
                RuleCase.of("Erf").trained(2, 3).inSinglePrecision(),
                RuleCase.of("Gelu", text("approximate", "none"))
                        .trained(2, 3)
                        .opset(20)
                        .inSinglePrecision(),
                RuleCase.of("Gelu", text("approximate", "tanh"))
                        .trained(2, 3)
                        .opset(20)
                        .inSinglePrecision(),
                RuleCase.of("Pow").trained(2, 3).number(2),
                RuleCase.of("Pow").trained(2, 3).number(3),
                RuleCase.of("Pow").positive(2, 3).number(0.5),
                RuleCase.of("Where").truths(true, false, true).trained(2, 3).trained(2, 1),
                RuleCase.of("Where").truths(false, true, false).trained(3).fixed(4, 3));
    }

    private static List<RuleCase> shapes() {
        return List.of(
                RuleCase.of("Reshape").trained(2, 6).wholes(3, -1),
                RuleCase.of("Unsqueeze").trained(2, 3).wholes(0, 3),
                RuleCase.of("Squeeze").trained(2, 1, 3).wholes(1),
                RuleCase.of("Flatten", attribute("axis", 2)).trained(2, 3, 4),
                RuleCase.of("Transpose", attribute("perm", List.of(1L, 2L, 0L))).trained(2, 3, 4),
                RuleCase.of("Transpose").trained(2, 3),
                RuleCase.of("Expand").trained(3, 1).wholes(2, 3, 4),
                RuleCase.of("Tile").trained(2, 3).wholes(3, 2),
                RuleCase.of("Concat", attribute("axis", -1))
                        .trained(2, 3)
                        .fixed(2, 1)
                        .trained(2, 2),
                RuleCase.of("Split", attribute("axis", 1))
                        .trained(2, 5)
                        .wholes(2, 3)
                        .outputs(2),
                RuleCase.of("Split", attribute("axis", 1))
                        .trained(2, 5)
                        .wholes(2, 3)
                        .outputs(2)
                        .reading(1));
    }

    private static List<RuleCase> indexing() {
        return List.of(
                RuleCase.of("Gather", attribute("axis", 1)).trained(2, 4, 3).wholes(3, 0, 3),
                RuleCase.of("Gather", attribute("axis", 1)).trained(2, 4, 3).whole(2),
                RuleCase.of("Gather", attribute("axis", 1)).trained(2, 4, 3).wholes(-1, 0, 3),
                RuleCase.of("Gather", attribute("axis", -1)).trained(2, 4).wholes(1, 1, 0),
                RuleCase.of("Gather").behindIdentity().trained(5, 3).wholes(4, 0, 4),
                RuleCase.of("Gather").trained(5, 3).wholes(4, 0, 4),
                RuleCase.of("GatherElements", attribute("axis", 1))
                        .trained(2, 4)
                        .matrix(2, 3, 0, 0, 3, 1, 2, 1),
                RuleCase.of("Slice").trained(2, 6).wholes(1).wholes(4).wholes(1),
                RuleCase.of("Slice")
                        .trained(4, 6)
                        .wholes(-3, 2)
                        .wholes(Long.MAX_VALUE, -1)
                        .wholes(0, -1),
                RuleCase.of("Slice").trained(4, 6).wholes(1, 2).wholes(3, 5));
    }

    private static List<RuleCase> normalizations() {
        return List.of(
                RuleCase.of("Softmax", attribute("axis", -1)).trained(2, 3, 4),
                RuleCase.of("Softmax", attribute("axis", 1)).trained(2, 3, 4),
                RuleCase.of("LogSoftmax", attribute("axis", -1)).trained(2, 4),
                RuleCase.of("ReduceMean", attribute("axes", List.of(-1L)), attribute("keepdims", 1))
                        .trained(2, 3, 4),
                RuleCase.of("ReduceMean", attribute("axes", List.of(0L, 2L)), attribute("keepdims", 0))
                        .trained(2, 3, 4),
                RuleCase.of("ReduceMean").trained(2, 3).wholes(1).opset(18),
                RuleCase.of("ReduceSum", attribute("keepdims", 0))
                        .trained(2, 3, 4)
                        .wholes(1),
                RuleCase.of("LayerNormalization", attribute("axis", -1))
                        .trained(2, 3, 4)
                        .trained(4)
                        .trained(4)
                        .outputs(3)
                        .reading(0)
                        .inSinglePrecision(),
                RuleCase.of("LayerNormalization", attribute("axis", 1))
                        .trained(3, 4)
                        .trained(4)
                        .outputs(3)
                        .reading(0)
                        .inSinglePrecision());
    }

    private static List<RuleCase> products() {
        return List.of(
                RuleCase.of("MatMul").trained(2, 3, 4).trained(4, 5),
                RuleCase.of("MatMul").trained(3, 4).trained(4, 5),
                RuleCase.of("MatMul").trained(2, 2, 3, 4).trained(2, 2, 4, 5),
                RuleCase.of("MatMul").trained(3, 4).trained(2, 4, 5),
                RuleCase.of("MatMul").trained(2, 3, 3, 4).trained(3, 4, 5),
                RuleCase.of("MatMul").trained(2, 2, 3, 4).trained(2, 2, 4, 5).inSinglePrecision(),
                RuleCase.of("MatMul").trained(2, 3, 4).trained(4, 5).inSinglePrecision(),
                RuleCase.of("FusedMatMul", attribute("transB", 1))
                        .trained(2, 3, 4)
                        .trained(5, 4)
                        .inSinglePrecision(),
                RuleCase.of("Gemm").trained(2, 3).trained(3, 4).trained(4),
                RuleCase.of("Gemm", attribute("transA", 1))
                        .trained(3, 2)
                        .trained(3, 4)
                        .trained(2, 4),
                RuleCase.of("Gemm", attribute("transB", 1), attribute("alpha", 0.5f), attribute("beta", 2f))
                        .trained(2, 3)
                        .trained(4, 3)
                        .trained(1, 4),
                RuleCase.of("Gemm", attribute("transA", 1), attribute("transB", 1))
                        .trained(3, 2)
                        .trained(4, 3));
    }

    private static OnnxMl.AttributeProto text(String name, String value) {
        return OnnxMl.AttributeProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGradientIsThatOfFiniteDifferences(RuleCase each) throws Exception {
        try (RuleRun run = each.run()) {
            for (int input : each.trainedInputs()) {
                double[] gradient = run.gradient(input);
                for (int i = 0; i < gradient.length; i++) {
                    assertThat(gradient[i])
                            .as("by element %d of input %d", i, input)
                            .isCloseTo(run.finiteDifference(input, i), within(run.tolerance()));
                }
            }
        }
    }

    @Test
    void everyRuleHasACase() {
        TreeSet<String> covered = new TreeSet<>();
        cases().forEach(each -> covered.add(each.operator()));
        assertThat(covered).isEqualTo(GradientRules.operators());
    }

    @Test
    void anOperatorWithoutARuleIsRefusedByName() {
        assertThatThrownBy(() -> RuleCase.of("Softsign")
                        .trained(2, 3)
                        .inSinglePrecision()
                        .run())
                .isInstanceOf(ClozeException.class)
                .hasMessage(
                        "Cannot compute the gradient of a model: Cloze cannot compute gradients with the operator Softsign"
                                + " (node \"y0\"); export the model to ONNX in 32-bit floats, without quantisation and without"
                                + " optimisation for a device, or import its weights");
    }
}
