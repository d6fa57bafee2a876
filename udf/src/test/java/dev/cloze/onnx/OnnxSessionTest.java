package dev.cloze.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxSessionTest {
    @TempDir
    Path directory;

    @Test
    void aGraphThatOnnxRuntimeRefusesWithSeveralLinesIsRefusedWithOne() throws IOException {
        NodeProto constant = NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput("one")
                .addOutput("one too many")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value_float")
                        .setType(AttributeProto.AttributeType.FLOAT)
                        .setF(1))
                .build();
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(GraphProto.newBuilder().setName("damaged").addNode(constant))
                .build();
        Path graph = Files.write(directory.resolve("damaged.onnx"), model.toByteArray());

        Throwable refusal = catchThrowable(() -> OnnxSession.open(graph));

        assertThat(refusal).hasMessageContaining("Constant should have 1 output");
        assertThat(refusal.getMessage().lines()).hasSize(1);
    }
}
