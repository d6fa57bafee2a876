package dev.cloze.scoring;

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
