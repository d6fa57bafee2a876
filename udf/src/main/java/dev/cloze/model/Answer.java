package dev.cloze.model;

/**
 * What the model says of one masked position.
 *
 * @param topIds the most probable tokens; highest first, equal ones by rising id
 * @param topLogProbabilities their log-probabilities, natural logarithm, over the whole vocabulary of the model
 * @param candidateLogProbabilities log-probabilities of the ids asked for, in their order
 */
public record Answer(long[] topIds, float[] topLogProbabilities, float[] candidateLogProbabilities) {
    @Override
    public String toString() {
        return "Answer[" + topIds.length + " tokens, " + candidateLogProbabilities.length + " candidates]";
    }
}
