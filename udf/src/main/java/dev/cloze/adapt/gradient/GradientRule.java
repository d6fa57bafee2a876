package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;

/**
 * The reverse-mode rule of one operator (its vector-Jacobian product): from the gradient of the loss by a node's output to what the
 * node adds to the gradients of its inputs.
 */
@FunctionalInterface
interface GradientRule {
    /**
     * Adds to the gradients of the inputs of {@code node}.
     *
     * @param node whose outputs' gradients are complete
     * @param gradient by its first output; empty when the loss does not depend on that one
     * @param backward takes what the node adds
     */
    void apply(OnnxMl.NodeProto node, String gradient, BackwardPass backward);
}
