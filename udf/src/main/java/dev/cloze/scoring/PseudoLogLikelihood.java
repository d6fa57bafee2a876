package dev.cloze.scoring;

import dev.cloze.mask.LongTexts;
import dev.cloze.mask.Variant;
import dev.cloze.mask.Window;
import dev.cloze.mask.Windows;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.TokenizedDocument;

/**
 * The pseudo-log-likelihood of a text: the sum of each token's log-probability when it is masked (Salazar et al. 2020).
 * Every token of the text is scored exactly once; the template's special tokens are context and never scored. A token of a
 * text longer than the model is seen from the middle of a window of its own.
 *
 * @param hidden what is masked together with a token
 * @param longTexts what happens to documents longer than the model
 */
public record PseudoLogLikelihood(Hidden hidden, LongTexts longTexts) implements ScoringTask<DocumentScore> {
    private static final long serialVersionUID = 1L;

    /** Tokens that most models read at once. */
    private static final int USUAL_WINDOW = 512;

    /** What is masked while a token is scored. */
    public enum Hidden {
        /** The token alone. */
        TOKEN,
        /**
         * The token and the later pieces of its word: PLL-word-l2r of Kauf and Ivanova 2023. Words are those of the model's
         * pre-tokenizer.
         */
        WORD_LEFT_TO_RIGHT
    }

    @Override
    public boolean isSameForEqualTexts() {
        return true;
    }

    @Override
    public long cost(int characters) {
        long tokens = ScoringTask.tokens(characters);
        return tokens * Math.min(tokens, USUAL_WINDOW);
    }

    @Override
    public Plan<DocumentScore> plan(TokenizedDocument document, LanguageModel model) {
        return LengthPolicy.plan(
                "score", document, model.positionLimit(), longTexts, left -> score(new ScoredText(left), model));
    }

    private Plan<DocumentScore> score(ScoredText text, LanguageModel model) {
        Windows windows = new Windows(text.tokens(), model.positionLimit());
        return new Plan<>(
                text.positions()
                        .mapToObj(position -> new Query(
                                hide(windows.around(position), position, model.maskId()),
                                predictions -> text.observe(
                                        position, predictions.get(0).candidateLogProbabilities()[0])))
                        .iterator(),
                () -> text.score(model));
    }

    private Variant hide(Window window, int position, long maskId) {
        TokenizedDocument seen = window.content();
        int index = window.indexOf(position);
        long[] ids = seen.ids().clone();
        ids[index] = maskId;
        for (int i = index + 1; hidden == Hidden.WORD_LEFT_TO_RIGHT && isSameWord(seen, i, index); i++) {
            ids[i] = maskId;
        }
        return new Variant(ids, seen.typeIds(), new int[] {index}, 0, new long[][] {{seen.ids()[index]}});
    }

    private static boolean isSameWord(TokenizedDocument seen, int i, int index) {
        return i < seen.length()
                && seen.sequenceIds()[i] == seen.sequenceIds()[index]
                && seen.words()[i] == seen.words()[index];
    }
}
