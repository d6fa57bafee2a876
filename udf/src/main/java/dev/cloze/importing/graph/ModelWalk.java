package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Goes through everything in a model, wherever it stands: sub-graphs, functions, attributes, sparse tensors, training information. */
public final class ModelWalk {
    private ModelWalk() {}

    /** Tells {@code seen} of every message of {@code type} in {@code message}, itself included. */
    public static <T extends Message> void visit(Message message, Class<T> type, Consumer<T> seen) {
        if (type.isInstance(message)) {
            seen.accept(type.cast(message));
        }
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (field.getKey().isRepeated()) {
                ((List<?>) field.getValue()).forEach(part -> visit((Message) part, type, seen));
            } else {
                visit((Message) field.getValue(), type, seen);
            }
        }
    }

    /** How deep graphs stand in one another: 1 when there are no sub-graphs. */
    static int depth(Message message) {
        int deepest = 0;
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            List<?> parts = field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
            for (Object part : parts) {
                deepest = Math.max(deepest, depth((Message) part));
            }
        }
        return message instanceof OnnxMl.GraphProto ? deepest + 1 : deepest;
    }

    /** The same with every tensor changed; {@code message} itself when nothing changes. */
    static Message withTensors(Message message, UnaryOperator<OnnxMl.TensorProto> change) {
        if (message instanceof OnnxMl.TensorProto tensor) {
            return change.apply(tensor);
        }
        Message.Builder changed = null;
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            Object value = field.getKey().isRepeated()
                    ? ((List<?>) field.getValue())
                            .stream()
                                    .map(part -> withTensors((Message) part, change))
                                    .toList()
                    : withTensors((Message) field.getValue(), change);
            if (!isSame(value, field.getValue())) {
                changed = changed == null ? message.toBuilder() : changed;
                changed.setField(field.getKey(), value);
            }
        }
        return changed == null ? message : changed.build();
    }

    /** Whether nothing was changed; comparing what the messages say would take long. */
    private static boolean isSame(Object left, Object right) {
        if (!(left instanceof List<?> lefts)) {
            return left == right;
        }
        List<?> rights = (List<?>) right;
        for (int i = 0; i < lefts.size(); i++) {
            if (lefts.get(i) != rights.get(i)) {
                return false;
            }
        }
        return true;
    }
}
