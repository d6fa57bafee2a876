package dev.cloze.stats.night;

import java.io.Serializable;
import java.util.Collection;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A {@link SliceState} that is being added up, row by row, in any order and in parts: always to the very same state. */
public final class SliceSums implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Beyond this a number is no negative log-likelihood of a text. */
    public static final double MOST_NLL = 1e12;

    private long rows;
    private long documents;
    private long n;
    private final ExactSum c = new ExactSum();
    private final ExactSum c2 = new ExactSum();
    private final ExactSum n2 = new ExactSum();
    private final ExactSum nll = new ExactSum();
    private final ExactSum nNll = new ExactSum();
    private final ExactSum nll2 = new ExactSum();
    private final Sparse histogram = new Sparse();
    private final TreeMap<String, Long> marks = new TreeMap<>();
    private final TreeMap<String, Long> languages = new TreeMap<>();
    private final TreeMap<String, Long> scripts = new TreeMap<>();
    private final LineSample lines = new LineSample();

    /** Whether a row with these figures has a score; any other is a bad row. */
    public static boolean isScore(long tokensScored, double nll) {
        return tokensScored >= 1 && tokensScored <= Integer.MAX_VALUE && nll >= 0 && nll <= MOST_NLL;
    }

    /** Says that documents are looked at for these marks, so that a night without any has a count of 0. */
    public void counting(Collection<String> names) {
        names.forEach(name -> marks.merge(name, 0L, Long::sum));
    }

    /** Adds a row that has no score. */
    public void addBadRow() {
        rows++;
    }

    /** Adds a document that the model was not asked for. */
    public void addUnscored() {
        rows++;
        documents++;
    }

    /**
     * Adds a document whose figures are a score.
     *
     * @param tokensScored n
     * @param negativeLogLikelihood of the scored tokens, nats
     */
    public void add(long tokensScored, double negativeLogLikelihood) {
        double crossEntropy = negativeLogLikelihood / tokensScored;
        rows++;
        documents++;
        n += tokensScored;
        c.add(crossEntropy);
        c2.add(crossEntropy * crossEntropy);
        n2.add((double) tokensScored * tokensScored);
        nll.add(negativeLogLikelihood);
        nNll.add(tokensScored * negativeLogLikelihood);
        nll2.add(negativeLogLikelihood * negativeLogLikelihood);
        histogram.add(Histogram.bin(crossEntropy), 1);
    }

    /** Says that the document that was added last has these marks. */
    public void mark(Collection<String> names) {
        names.forEach(name -> marks.merge(name, 1L, Long::sum));
    }

    /** Says in which language and script the document that was added last is. */
    public void mark(String language, String script) {
        languages.merge(language, 1L, Long::sum);
        scripts.merge(script, 1L, Long::sum);
    }

    /**
     * Says which lines the document that was added last has.
     *
     * @param text a number of its text
     * @param found are asked for only when it belongs to the sample of which lines are counted
     */
    public void lines(long text, Supplier<int[]> found) {
        lines.add(text, found);
    }

    public void merge(SliceSums other) {
        rows += other.rows;
        documents += other.documents;
        n += other.n;
        c.add(other.c);
        c2.add(other.c2);
        n2.add(other.n2);
        nll.add(other.nll);
        nNll.add(other.nNll);
        nll2.add(other.nll2);
        histogram.add(other.histogram);
        other.marks.forEach((name, count) -> marks.merge(name, count, Long::sum));
        other.languages.forEach((name, count) -> languages.merge(name, count, Long::sum));
        other.scripts.forEach((name, count) -> scripts.merge(name, count, Long::sum));
        lines.add(other.lines);
    }

    public SliceState state() {
        return new SliceState(
                rows,
                documents,
                new SliceState.Sums(c.value(), c2.value(), n, n2.value(), nll.value(), nNll.value(), nll2.value()),
                histogram.histogram(),
                marks,
                languages,
                scripts,
                lines.counts());
    }
}
