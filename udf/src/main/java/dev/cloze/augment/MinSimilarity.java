package dev.cloze.augment;

/**
 * A candidate's hidden states point in about the direction of the original's.
 *
 * @param least cosine that passes
 */
record MinSimilarity(double least) implements SentenceCheck {
    @Override
    public String name() {
        return "--min-similarity";
    }

    @Override
    public boolean readsSimilarity() {
        return true;
    }

    @Override
    public boolean accepts(Sentences sentences) {
        return sentences.similarity().orElseThrow() >= least;
    }

    static double cosine(float[] one, float[] other) {
        double product = 0;
        double squareOfOne = 0;
        double squareOfOther = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            squareOfOne += (double) one[i] * one[i];
            squareOfOther += (double) other[i] * other[i];
        }
        return product / Math.sqrt(squareOfOne * squareOfOther);
    }
}
