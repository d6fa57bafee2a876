package dev.cloze.stats;

import java.io.Serializable;
import java.util.OptionalDouble;

/**
 * What is kept of many scored documents. Parts of a corpus that were added up separately merge in any order: into the same sums
 * to the last digits, and into the very same quantiles. Those are of the documents' own figures up to 1,024 documents, and beyond
 * that of figures within 0.0005 nats of them.
 *
 * <p>The perplexity of a corpus is exp(ΣNLL / Σtokens). The mean of its documents' perplexities is another figure.
 */
public final class CorpusState implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Relative; batches move a figure by less. */
    private static final double NEAR = 1e-5;

    private Sums sums;
    private final transient Quantiles crossEntropies;

    /**
     * Sums over documents.
     *
     * @param rows of the corpus, scored or not
     * @param documents that were scored
     * @param tokens of these documents
     * @param tokensScored those of them that were scored
     * @param words of these documents
     * @param bytes of their texts in UTF-8
     * @param nll negative log-likelihood of all scored tokens, nats
     * @param perplexities of the documents, added up
     * @param lowest cross-entropy of a document, nats a token; infinite when there is none
     * @param highest cross-entropy of a document; negative infinite when there is none
     */
    public record Sums(
            long rows,
            long documents,
            long tokens,
            long tokensScored,
            long words,
            long bytes,
            double nll,
            double perplexities,
            double lowest,
            double highest)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

        /** Fails when documents cannot add up to this. */
        private void requireWhole() {
            require(
                    documents >= 0 && rows >= documents && tokensScored >= documents && tokens >= tokensScored,
                    "counts that are impossible");
            require(words >= 0 && bytes >= 0, "counts that are impossible");
            if (documents == 0) {
                require(equals(new Sums(rows, 0, 0, 0, 0, 0, 0, 0, NONE.lowest, NONE.highest)), "sums of no document");
                return;
            }
            require(Double.isFinite(lowest) && Double.isFinite(highest) && lowest <= highest, "impossible extremes");
            require(isBetween(nll, lowest * tokensScored, highest * tokensScored), "an impossible nll");
            require(
                    isBetween(perplexities, documents * Math.exp(lowest), documents * Math.exp(highest)),
                    "impossible perplexities");
        }

        /** Sums in another order end in other digits. */
        private static boolean isBetween(double sum, double least, double most) {
            double digits = 1e-6 * (1 + Math.abs(sum));
            return Double.isFinite(sum) ? sum >= least - digits && sum <= most + digits : sum == most;
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException("its sums have " + otherwise);
            }
        }

        Sums plus(Sums other) {
            return new Sums(
                    rows + other.rows,
                    documents + other.documents,
                    tokens + other.tokens,
                    tokensScored + other.tokensScored,
                    words + other.words,
                    bytes + other.bytes,
                    nll + other.nll,
                    perplexities + other.perplexities,
                    Math.min(lowest, other.lowest),
                    Math.max(highest, other.highest));
        }
    }

    private CorpusState(Sums sums, Quantiles crossEntropies) {
        this.sums = sums;
        this.crossEntropies = crossEntropies;
    }

    /** Of no row. */
    public static CorpusState empty() {
        return new CorpusState(Sums.NONE, new Quantiles());
    }

    /**
     * What was written by {@link #sums()} and {@link #quantiles()}.
     *
     * @throws IllegalArgumentException with the reason, when these are damaged: then they contradict each other
     */
    public static CorpusState of(Sums sums, byte[] quantiles) {
        sums.requireWhole();
        Quantiles crossEntropies = Quantiles.of(quantiles);
        crossEntropies.requireOf(sums.documents, sums.lowest, sums.highest);
        return new CorpusState(sums, crossEntropies);
    }

    /** Adds a row that has no figure. */
    public void addUnscored() {
        Sums none = Sums.NONE;
        sums = sums.plus(new Sums(1, 0, 0, 0, 0, 0, 0, 0, none.lowest, none.highest));
    }

    /**
     * Adds a document.
     *
     * @param tokensScored at least one
     * @param nll of the scored tokens, nats
     */
    public void add(long tokens, long tokensScored, long words, long bytes, double nll) {
        double crossEntropy = nll / tokensScored;
        double perplexity = Math.exp(crossEntropy);
        sums = sums.plus(
                new Sums(1, 1, tokens, tokensScored, words, bytes, nll, perplexity, crossEntropy, crossEntropy));
        crossEntropies.add(crossEntropy);
    }

    /** Adds what {@code other} remembers. */
    public void merge(CorpusState other) {
        sums = sums.plus(other.sums);
        crossEntropies.merge(other.crossEntropies);
    }

    public Sums sums() {
        return sums;
    }

    /**
     * Whether both are of the same rows, as far as sums tell: counts are equal, and what was computed differs by no more than the
     * same rows scored in other batches do.
     */
    public boolean isSameAs(CorpusState other) {
        Sums theirs = other.sums;
        return sums.rows == theirs.rows
                && sums.documents == theirs.documents
                && sums.tokens == theirs.tokens
                && sums.tokensScored == theirs.tokensScored
                && sums.words == theirs.words
                && sums.bytes == theirs.bytes
                && isNear(sums.nll, theirs.nll)
                && isNear(sums.perplexities, theirs.perplexities)
                && isNear(sums.lowest, theirs.lowest)
                && isNear(sums.highest, theirs.highest);
    }

    private static boolean isNear(double one, double other) {
        return one == other || Math.abs(one - other) <= NEAR * Math.max(Math.abs(one), Math.abs(other));
    }

    /** The distribution of the documents' cross-entropies, to be read by {@link #of}. */
    public byte[] quantiles() {
        return crossEntropies.bytes();
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

    /** exp(ΣNLL / Σwords); absent when some tokens were not scored, and when it is beyond all numbers. */
    public OptionalDouble wordPerplexity() {
        double perplexity = Math.exp(sums.nll / sums.words);
        return isOfAllTokens() && Double.isFinite(perplexity) ? OptionalDouble.of(perplexity) : OptionalDouble.empty();
    }

    /** ΣNLL / (Σbytes ln 2); absent when some tokens were not scored. */
    public OptionalDouble bitsPerByte() {
        return isOfAllTokens() ? OptionalDouble.of(sums.nll / (sums.bytes * Math.log(2))) : OptionalDouble.empty();
    }

    private boolean isOfAllTokens() {
        return sums.tokens == sums.tokensScored;
    }

    /** Each document counts the same, however long it is. */
    public double meanDocumentPerplexity() {
        return sums.perplexities / sums.documents;
    }

    /** The cross-entropy that a share of the documents does not exceed. */
    public double crossEntropyAt(double share) {
        return crossEntropies.at(share);
    }

    /** A percentile of the documents' perplexities, by the rule of {@code numpy.percentile}: linear between two documents. */
    public double documentPerplexityAt(double share) {
        return crossEntropies.percentile(
                share, crossEntropy -> Math.exp(Math.min(Math.max(crossEntropy, sums.lowest), sums.highest)));
    }

    /** The share of documents whose cross-entropy is at most this. */
    public double shareUpTo(double crossEntropy) {
        return crossEntropies.shareUpTo(crossEntropy);
    }

    private Object writeReplace() {
        return new Written(sums, quantiles());
    }

    /** As Java's serialization writes it. */
    private record Written(Sums sums, byte[] quantiles) implements Serializable {
        private Object readResolve() {
            return of(sums, quantiles);
        }

        @Override
        public String toString() {
            return "Written[" + sums + "]";
        }
    }

    @Override
    public String toString() {
        return "CorpusState[" + sums + "]";
    }
}
