package dev.cloze.model;

/**
 * What the model says of one position.
 *
 * @param topIds the most probable tokens; highest first, equal ones by rising id
 * @param topLogProbabilities their log-probabilities, natural logarithm, over the whole vocabulary of the model
 * @param candidateLogProbabilities log-probabilities of the ids asked for, in their order
 * @param features the hidden state of the last layer; empty unless the model was opened for that
 */
public record Prediction(
        long[] topIds, float[] topLogProbabilities, float[] candidateLogProbabilities, float[] features) {

    /** Of a model that was opened for words. */
    public static Prediction ofWords(long[] topIds, float[] topLogProbabilities, float[] candidateLogProbabilities) {
        return new Prediction(topIds, topLogProbabilities, candidateLogProbabilities, new float[0]);
    }

    /** Of a model that was opened for hidden states. */
    public static Prediction ofFeatures(float[] features) {
        return new Prediction(new long[0], new float[0], new float[0], features);
    }

    @Override
    public String toString() {
        return "Prediction[" + topIds.length + " tokens, " + candidateLogProbabilities.length + " candidates, "
                + features.length + " features]";
    }
}
