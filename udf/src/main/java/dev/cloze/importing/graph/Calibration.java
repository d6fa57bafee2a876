package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import dev.cloze.batch.Batch;
import dev.cloze.onnx.OnnxSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a model on texts and notes how large its activations get. */
final class Calibration {
    private static final String FILE = "calibration.onnx";

    private Calibration() {}

    /**
     * Adds to {@code ranges} what is seen of the activations of those names.
     *
     * @param model beside whose weights, in {@code directory}, a graph is written for a while
     * @param texts one row each, so that no padding is seen
     */
    static void run(OnnxMl.ModelProto model, Path directory, List<Batch> texts, Map<String, ChannelRange> ranges)
            throws IOException {
        OnnxMl.ModelProto.Builder watched = model.toBuilder();
        watched.getGraphBuilder().clearOutput();
        ranges.keySet().forEach(name -> watched.getGraphBuilder().addOutput(floats(name)));
        watched.setGraph(Reachable.only(watched.getGraphBuilder()));
        Path file = directory.resolve(FILE);
        Files.write(file, watched.build().toByteArray());
        try (OnnxSession session = OnnxSession.open(file)) {
            for (Batch text : texts) {
                session.run(PlainModel.inputs(session, text), ranges.keySet(), outputs -> {
                    ranges.forEach((name, range) -> range.add(outputs.floats(name)));
                    return null;
                });
            }
        } finally {
            Files.delete(file);
        }
    }

    private static OnnxMl.ValueInfoProto floats(String name) {
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(OnnxMl.TensorProto.DataType.FLOAT.getNumber())))
                .build();
    }
}
