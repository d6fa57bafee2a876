package dev.cloze.adapt;

import ai.onnx.proto.OnnxMl;
import dev.cloze.adapt.gradient.Parameter;
import dev.cloze.adapt.gradient.TrainableModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What transformers calls the parameters of a graph. Graphs that Cloze built keep the names of the checkpoint. Exporters keep them, too, but for
 * matrices that they transposed: those are named by the module whose product they are in.
 */
public final class TensorNames {
    /** How Cloze marks a matrix that it turned to {@code [in, out]}. */
    private static final String TURNED = "/kernel";

    private static final String GENERATED = "onnx::";
    private static final String WRAPPER = "model.";

    private final Map<String, String> products = new HashMap<>();
    private final boolean isWrapped;

    /** Of the parameters of {@code model}. */
    public TensorNames(TrainableModel model) {
        for (OnnxMl.NodeProto node : model.graph().getGraph().getNodeList()) {
            boolean product =
                    node.getOpType().equals("MatMul") && node.getName().endsWith("/MatMul");
            if (product && node.getInputCount() == 2) {
                products.put(node.getInput(1), node.getName());
            }
        }
        this.isWrapped = model.all().stream()
                .map(Parameter::name)
                .filter(name -> !name.startsWith(GENERATED))
                .allMatch(name -> name.startsWith(WRAPPER));
    }

    /** A name, and whether the parameter is the transpose of what has it. */
    public record Name(String name, boolean isTransposed) {}

    /** The name of {@code parameter}; empty when nothing tells it. */
    public Optional<Name> of(Parameter parameter) {
        String name = parameter.name();
        if (name.endsWith(TURNED)) {
            return Optional.of(new Name(name.substring(0, name.length() - TURNED.length()), true));
        }
        if (name.startsWith(GENERATED)) {
            return Optional.ofNullable(products.get(name)).map(this::ofModule);
        }
        return name.contains(".") ? Optional.of(new Name(unwrapped(name), false)) : Optional.empty();
    }

    /** {@code /bert/encoder/layer.0/output/dense/MatMul} multiplies by the weight of that module. */
    private Name ofModule(String node) {
        String path = node.substring(1, node.lastIndexOf('/')).replace('/', '.');
        return new Name(unwrapped(path + ".weight"), true);
    }

    private String unwrapped(String name) {
        return isWrapped && name.startsWith(WRAPPER) ? name.substring(WRAPPER.length()) : name;
    }
}
