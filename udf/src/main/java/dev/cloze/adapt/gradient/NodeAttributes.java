package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import java.util.List;
import java.util.Optional;

/** Attributes of nodes, with the defaults of the ONNX specification where they are absent. */
final class NodeAttributes {
    private NodeAttributes() {}

    static Optional<OnnxMl.AttributeProto> find(OnnxMl.NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }

    static long integer(OnnxMl.NodeProto node, String name, long otherwise) {
        return find(node, name).map(OnnxMl.AttributeProto::getI).orElse(otherwise);
    }

    static float real(OnnxMl.NodeProto node, String name, float otherwise) {
        return find(node, name).map(OnnxMl.AttributeProto::getF).orElse(otherwise);
    }

    static String text(OnnxMl.NodeProto node, String name, String otherwise) {
        return find(node, name).map(found -> found.getS().toStringUtf8()).orElse(otherwise);
    }

    static Optional<List<Long>> integers(OnnxMl.NodeProto node, String name) {
        return find(node, name).map(OnnxMl.AttributeProto::getIntsList);
    }

    /** The index of the axis that the attribute {@code axis} names, of {@code rank}. */
    static int axis(OnnxMl.NodeProto node, long otherwise, int rank) {
        return positive(integer(node, "axis", otherwise), rank);
    }

    /** An axis counted from the first one. */
    static int positive(long axis, int rank) {
        return (int) (axis < 0 ? axis + rank : axis);
    }
}
