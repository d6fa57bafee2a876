package dev.cloze.adapt.gradient;

import dev.cloze.model.ScoringSignature;
import dev.cloze.onnx.OnnxSession;
import java.util.HashMap;
import java.util.Map;

/**
 * Texts in which tokens are masked, and what was there. Arrays of tokens are {@code [rows, width]}.
 *
 * @param rows how many texts
 * @param width tokens of each, padding included
 * @param ids of the tokens, masked
 * @param attention 1 where a token is, 0 where padding is
 * @param typeIds of the tokens
 * @param positions of the masked tokens, counted through all rows
 * @param labels ids of the tokens that were there
 */
public record MaskedBatch(
        int rows, int width, long[] ids, long[] attention, long[] typeIds, long[] positions, long[] labels) {
    /** Tokens that are asked for. */
    public int masked() {
        return labels.length;
    }

    Map<String, OnnxSession.Input> inputs() {
        return new HashMap<>(Map.of(
                ScoringSignature.INPUT_IDS, new OnnxSession.Input(ids, rows, width),
                ScoringSignature.ATTENTION_MASK, new OnnxSession.Input(attention, rows, width),
                ScoringSignature.TOKEN_TYPE_IDS, new OnnxSession.Input(typeIds, rows, width),
                ScoringSignature.POSITIONS, new OnnxSession.Input(positions, 1, positions.length),
                GradientGraph.LABELS, new OnnxSession.Input(labels, labels.length)));
    }

    @Override
    public String toString() {
        return "MaskedBatch[" + rows + " x " + width + ", " + labels.length + " masked]";
    }
}
