package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The operators that can be differentiated. */
public final class GradientRules {
    private static final Map<String, GradientRule> RULES = new HashMap<>();

    static {
        RULES.putAll(ElementwiseRules.all());
        RULES.putAll(NormalizationRules.all());
        RULES.putAll(ProductRules.all());
        RULES.putAll(ShapeRules.all());
        RULES.putAll(IndexingRules.all());
    }

    private GradientRules() {}

    /** Names of all operators with a rule. */
    static Set<String> operators() {
        return new TreeSet<>(RULES.keySet());
    }

    static GradientRule of(OnnxMl.NodeProto node) {
        GradientRule rule = RULES.get(node.getOpType());
        if (rule == null) {
            throw GradientRefusal.unsupported(node, "with the operator " + node.getOpType());
        }
        return rule;
    }
}
