package dev.cloze.scoring;

import dev.cloze.mask.Variant;
import dev.cloze.mask.Window;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A text and what its tokens cost. */
final class ScoredText {
    private final TokenizedDocument tokens;
    private final double[] nll;

    ScoredText(TokenizedDocument tokens) {
        this.tokens = tokens;
        this.nll = new double[tokens.length()];
        Arrays.fill(nll, Double.NaN);
    }

    TokenizedDocument tokens() {
        return tokens;
    }

    /** Positions of the text's own tokens. */
    IntStream positions() {
        return IntStream.range(0, tokens.length()).filter(i -> tokens.sequenceIds()[i] != TokenizedDocument.SPECIAL);
    }

    /**
     * Asks what the tokens at {@code positions} cost.
     *
     * @param window that shows them
     * @param ids of the tokens that the model reads in place of those in the window
     */
    Query query(Window window, long[] ids, int[] positions) {
        TokenizedDocument seen = window.content();
        int[] indexes = IntStream.of(positions).map(window::indexOf).toArray();
        long[][] originals =
                IntStream.of(indexes).mapToObj(i -> new long[] {seen.ids()[i]}).toArray(long[][]::new);
        return new Query(new Variant(ids, seen.typeIds(), indexes, 0, originals), predictions -> {
            for (int i = 0; i < positions.length; i++) {
                observe(positions[i], predictions.get(i).candidateLogProbabilities()[0]);
            }
        });
    }

    /** Notes what the token at {@code position} cost: the negative of its log-probability. */
    void observe(int position, float logProbability) {
        if (!Double.isNaN(nll[position])) {
            throw new IllegalStateException("Token " + position + " was scored before");
        }
        nll[position] = -logProbability;
    }

    /** All that was noted; tokens without a note are not scored. */
    Outcome<DocumentScore> score(LanguageModel model) {
        return Outcome.of(DocumentScore.of(tokens.document().text(), tokens.contentLength(), surprisals(model)));
    }

    /** What was noted of some tokens that stand for all. */
    Outcome<DocumentScore> scoreOfSample(LanguageModel model) {
        return Outcome.of(DocumentScore.ofSample(tokens.document().text(), tokens.contentLength(), surprisals(model)));
    }

    private List<Surprisal> surprisals(LanguageModel model) {
        List<Surprisal> surprisals = new ArrayList<>();
        positions().filter(position -> !Double.isNaN(nll[position])).forEach(position -> {
            String token = model.tokenizer().vocabulary().token(tokens.ids()[position]);
            surprisals.add(new Surprisal(token, tokens.starts()[position], tokens.ends()[position], nll[position]));
        });
        return surprisals;
    }
}
