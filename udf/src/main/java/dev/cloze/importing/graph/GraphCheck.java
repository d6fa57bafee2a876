package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.source.Subject;
import java.util.HashSet;
import java.util.Set;

/** Refuses what no language model holds, before anything is allocated for it or opens it. */
public final class GraphCheck {
    /** Operators that ONNX Runtime brings along. */
    private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "ai.onnx.preview", "com.microsoft");
    /** It names a file with a compiled network for a particular device. */
    private static final String COMPILED = "EPContext";
    /** Exporters write three at most; the time to open a graph doubles with each. */
    private static final int DEEPEST = 10;

    private static final long MOST_SPARSE_ELEMENTS = Integer.MAX_VALUE;
    private static final String EXPORT_AGAIN = "export the model again";

    private final OnnxMl.ModelProto model;
    private final Subject subject;
    private final Set<String> functions = new HashSet<>();

    private GraphCheck(OnnxMl.ModelProto model, Subject subject) {
        this.model = model;
        this.subject = subject;
    }

    /** Fails when {@code model} holds something that Cloze does not open. */
    public static void require(OnnxMl.ModelProto model, Subject subject) {
        new GraphCheck(model, subject).require();
    }

    private void require() {
        if (model.getGraph().getNodeCount() == 0) {
            throw subject.refuse("its ONNX file holds no graph", EXPORT_AGAIN);
        }
        int depth = ModelWalk.depth(model);
        if (depth > DEEPEST) {
            throw subject.refuse(
                    "its graphs are nested " + depth + " deep, at most " + DEEPEST + " are read",
                    "export the model without nested conditions");
        }
        model.getFunctionsList().forEach(function -> functions.add(key(function.getDomain(), function.getName())));
        ModelWalk.visit(model, OnnxMl.NodeProto.class, this::requireKnown);
        ModelWalk.visit(model, OnnxMl.TensorProto.class, this::requirePlausible);
        ModelWalk.visit(model, OnnxMl.SparseTensorProto.class, this::requirePlausible);
        ModelWalk.visit(model, OnnxMl.ValueInfoProto.class, this::requirePlausible);
    }

    private void requireKnown(OnnxMl.NodeProto node) {
        boolean known = DOMAINS.contains(node.getDomain()) && !node.getOpType().equals(COMPILED);
        if (!known && !functions.contains(key(node.getDomain(), node.getOpType()))) {
            String name = node.getDomain().isEmpty() ? node.getOpType() : key(node.getDomain(), node.getOpType());
            throw subject.refuse(
                    "its graph uses the operator " + Subject.shown(name) + ", which ONNX Runtime does not bring along",
                    "export the model with operators of ONNX or com.microsoft only");
        }
    }

    private static String key(String domain, String operator) {
        return domain + "::" + operator;
    }

    private void requirePlausible(OnnxMl.TensorProto tensor) {
        long elements = elements(tensor.getName(), tensor.getDimsList());
        if (tensor.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL) {
            return;
        }
        boolean raw = tensor.hasRawData();
        boolean fits = raw
                ? TensorSize.bytes(tensor.getDataType(), elements)
                        .map(bytes -> bytes == tensor.getRawData().size())
                        .orElse(elements <= 4L * tensor.getRawData().size())
                : elements <= 2L * items(tensor);
        if (!fits) {
            String held = raw ? tensor.getRawData().size() + " bytes" : items(tensor) + " values";
            throw subject.refuse(
                    "its tensor " + Subject.shown(tensor.getName()) + " declares " + elements + " elements, but holds "
                            + held,
                    "the file is damaged: download or export the model again");
        }
    }

    private static long items(OnnxMl.TensorProto tensor) {
        return (long) tensor.getFloatDataCount()
                + tensor.getInt32DataCount()
                + tensor.getInt64DataCount()
                + tensor.getDoubleDataCount()
                + tensor.getUint64DataCount()
                + tensor.getStringDataCount();
    }

    /** ONNX Runtime makes it dense. */
    private void requirePlausible(OnnxMl.SparseTensorProto tensor) {
        String name = tensor.getValues().getName();
        long elements = elements(name, tensor.getDimsList());
        if (elements > MOST_SPARSE_ELEMENTS) {
            throw subject.refuse(
                    "its sparse tensor " + Subject.shown(name) + " has " + elements + " elements, at most "
                            + MOST_SPARSE_ELEMENTS + " are read",
                    EXPORT_AGAIN);
        }
    }

    private long elements(String name, Iterable<Long> dims) {
        return TensorSize.elements(dims)
                .orElseThrow(() -> subject.refuse(
                        "its tensor " + Subject.shown(name) + " has the impossible shape " + dims, EXPORT_AGAIN));
    }

    private void requirePlausible(OnnxMl.ValueInfoProto value) {
        value.getType().getTensorType().getShape().getDimList().stream()
                .map(OnnxMl.TensorShapeProto.Dimension::getDimValue)
                .filter(size -> size > Integer.MAX_VALUE)
                .findFirst()
                .ifPresent(size -> {
                    throw subject.refuse(
                            "its tensor " + Subject.shown(value.getName()) + " has a dimension of " + size,
                            EXPORT_AGAIN);
                });
    }
}
