package dev.cloze.corpus;

import java.io.Serializable;
import java.util.OptionalDouble;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/**
 * What is remembered of many scored documents. Parts of a corpus that were added up apart merge into the same sums in any
 * order, to the last digits. Quantiles come from a KLL sketch (Karnin, Lang and Liberty 2016; Apache DataSketches): exact up
 * to {@value #SKETCH_SIZE} documents, beyond that within {@link #rankError()} of the rank.
 *
 * <p>The perplexity of a corpus is exp(ΣNLL / Σtokens). The mean of its documents' perplexities is another figure.
 */
public final class CorpusState implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Values that the sketch holds before it begins to forget; 99 % of ranks are within 0.3 %. */
    private static final int SKETCH_SIZE = 1024;

    private Sums sums;
    private final transient KllDoublesSketch crossEntropies;

    /**
     * Sums over documents.
     *
     * @param documents that were scored
     * @param tokens of these documents
     * @param tokensScored those of them that were scored
     * @param words of these documents
     * @param bytes of their texts in UTF-8
     * @param nll negative log-likelihood of all scored tokens, nats
     * @param perplexities of the documents, added up
     */
    public record Sums(
            long documents, long tokens, long tokensScored, long words, long bytes, double nll, double perplexities) {
        static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(
                    documents + other.documents,
                    tokens + other.tokens,
                    tokensScored + other.tokensScored,
                    words + other.words,
                    bytes + other.bytes,
                    nll + other.nll,
                    perplexities + other.perplexities);
        }
    }

    private CorpusState(Sums sums, KllDoublesSketch crossEntropies) {
        this.sums = sums;
        this.crossEntropies = crossEntropies;
    }

    /** Of no document. */
    public static CorpusState empty() {
        return new CorpusState(Sums.NONE, KllDoublesSketch.newHeapInstance(SKETCH_SIZE));
    }

    /**
     * Adds one document.
     *
     * @param tokensScored at least one
     * @param nll of the scored tokens, nats
     */
    public void add(long tokens, long tokensScored, long words, long bytes, double nll) {
        double crossEntropy = nll / tokensScored;
        sums = sums.plus(new Sums(1, tokens, tokensScored, words, bytes, nll, Math.exp(crossEntropy)));
        crossEntropies.update(crossEntropy);
    }

    /** Adds what {@code other} remembers. */
    public void merge(CorpusState other) {
        sums = sums.plus(other.sums);
        crossEntropies.merge(other.crossEntropies);
    }

    /** What was written by {@link #sums()} and {@link #sketch()}. */
    public static CorpusState of(Sums sums, byte[] sketch) {
        return new CorpusState(sums, KllDoublesSketch.heapify(Memory.wrap(sketch)));
    }

    public Sums sums() {
        return sums;
    }

    /** The documents' cross-entropies (nats a token) as a serialized {@code KllDoublesSketch}. */
    public byte[] sketch() {
        return crossEntropies.toByteArray();
    }

    /** Whether there is no document, and so no figure. */
    public boolean isEmpty() {
        return sums.documents == 0;
    }

    /** ΣNLL / Σtokens, nats a scored token. */
    public double crossEntropy() {
        return sums.nll / sums.tokensScored;
    }

    public double perplexity() {
        return Math.exp(crossEntropy());
    }

    /** exp(ΣNLL / Σwords); absent when only some tokens were scored: their sum is not that of the words. */
    public OptionalDouble wordPerplexity() {
        return isWhole() ? OptionalDouble.of(Math.exp(sums.nll / sums.words)) : OptionalDouble.empty();
    }

    /** ΣNLL / (Σbytes ln 2); absent when only some tokens were scored. */
    public OptionalDouble bitsPerByte() {
        return isWhole() ? OptionalDouble.of(sums.nll / (sums.bytes * Math.log(2))) : OptionalDouble.empty();
    }

    private boolean isWhole() {
        return sums.tokens == sums.tokensScored;
    }

    /** Each document counts the same, however long it is. */
    public double meanDocumentPerplexity() {
        return sums.perplexities / sums.documents;
    }

    /** The cross-entropy that a share of the documents does not exceed: 0 gives the lowest, 1 the highest. */
    public double crossEntropyAt(double share) {
        return crossEntropies.getQuantile(share, QuantileSearchCriteria.INCLUSIVE);
    }

    /** The share of documents whose cross-entropy is at most this. */
    public double shareUpTo(double crossEntropy) {
        return crossEntropies.getRank(crossEntropy, QuantileSearchCriteria.INCLUSIVE);
    }

    /** How far a quantile may be off, as a share of the documents (99 % confidence). */
    public double rankError() {
        return sums.documents <= SKETCH_SIZE ? 0 : crossEntropies.getNormalizedRankError(false);
    }

    private Object writeReplace() {
        return new Written(sums, sketch());
    }

    /** The sketch cannot be serialized by Java, its bytes can. */
    private static final class Written implements Serializable {
        private static final long serialVersionUID = 1L;
        private final long[] counts;
        private final double[] figures;
        private final byte[] sketch;

        Written(Sums sums, byte[] sketch) {
            this.counts = new long[] {sums.documents, sums.tokens, sums.tokensScored, sums.words, sums.bytes};
            this.figures = new double[] {sums.nll, sums.perplexities};
            this.sketch = sketch;
        }

        private Object readResolve() {
            Sums sums = new Sums(counts[0], counts[1], counts[2], counts[3], counts[4], figures[0], figures[1]);
            return of(sums, sketch);
        }
    }

    @Override
    public String toString() {
        return "CorpusState[" + sums + "]";
    }
}
