package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.UnsafeByteOperations;
import dev.cloze.importing.weights.Weights;

/** Where the values of a graph's weights are put. */
public interface TensorStore {
    /** Into the graph itself. */
    TensorStore INSIDE = (described, values) -> described.setRawData(UnsafeByteOperations.unsafeWrap(values.inRows()));

    /** Stores {@code values} and says in {@code described}, which has name, type and shape, where they are. */
    void put(OnnxMl.TensorProto.Builder described, Weights.Tensor values);
}
