package dev.cloze.scoring;

import java.util.List;

/**
 * What a model makes of a text.
 *
 * @param pooled one vector for the text; empty when each token has its own
 * @param tokens a vector for each token of the text; empty when they are pooled
 */
public record Features(float[] pooled, List<TokenFeatures> tokens) {

    /**
     * The hidden state of a token.
     *
     * @param token as the vocabulary spells it, continuation marks included
     * @param start first UTF-16 unit of the token in its text
     * @param end first UTF-16 unit after it
     * @param vector as wide as the model
     */
    public record TokenFeatures(String token, int start, int end, float[] vector) {
        @Override
        public String toString() {
            return "TokenFeatures[" + token + ", " + vector.length + " features]";
        }
    }

    @Override
    public String toString() {
        return "Features[" + pooled.length + " pooled, " + tokens.size() + " tokens]";
    }
}
