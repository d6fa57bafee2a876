package dev.cloze.mask;

/**
 * One hidden version of a document: a row of a batch.
 *
 * @param ids what the model reads
 * @param typeIds sentence of each token, 0 or 1
 * @param positions rising indexes into {@code ids} whose distribution is wanted
 * @param topK how many of the most probable tokens are wanted at each position; 0 for none
 * @param candidates for each position, the ids whose probability is wanted
 */
public record Variant(long[] ids, long[] typeIds, int[] positions, int topK, long[][] candidates) {
    public Variant {
        if (positions.length == 0 || candidates.length != positions.length) {
            throw new IllegalArgumentException("A variant needs a position, and a list of candidates for each");
        }
    }

    public int length() {
        return ids.length;
    }

    @Override
    public String toString() {
        return "Variant[" + ids.length + " tokens, " + positions.length + " positions]";
    }
}
