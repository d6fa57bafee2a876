package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import dev.cloze.failure.ClozeException;

/** Why a graph has no gradient here. */
final class GradientRefusal {
    static final String ACTION = "compute the gradient of a model";
    private static final String EXPORT = "export the model to ONNX in 32-bit floats, without quantisation and without"
            + " optimisation for a device, or import its weights";

    private GradientRefusal() {}

    /** @param what of the operator cannot be differentiated, beginning with "with" */
    static ClozeException unsupported(OnnxMl.NodeProto node, String what) {
        return ClozeException.model(
                ACTION, "Cloze cannot compute gradients " + what + " (node \"" + node.getName() + "\")", EXPORT);
    }

    static ClozeException of(String why) {
        return ClozeException.model(ACTION, why, EXPORT);
    }
}
