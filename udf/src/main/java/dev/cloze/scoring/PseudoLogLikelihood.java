package dev.cloze.scoring;

import dev.cloze.mask.LongTexts;
import dev.cloze.mask.Variant;
import dev.cloze.mask.Window;
import dev.cloze.mask.Windows;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
    public Plan<DocumentScore> plan(TokenizedDocument document, LanguageModel model) {
        if (document.contentLength() == 0) {
            return Plan.refuse(Status.EMPTY, "Cannot score the text: it has no tokens; leave the row out");
        }
        int limit = model.positionLimit();
        if (document.length() > limit && longTexts == LongTexts.FAIL) {
            return Plan.refuse(
                    Status.TOO_LONG,
                    "Cannot score the text: it has " + document.length() + " tokens, the model reads " + limit
                            + "; use --long window or --long truncate");
        }
        String text = document.document().text();
        if (document.length() <= limit || longTexts == LongTexts.WINDOW) {
            return score(document, text, model);
        }
        TokenizedDocument beginning = new Windows(document, limit).beginning().content();
        // Words and bytes are counted as far as the text is scored.
        int end = IntStream.of(beginning.ends()).max().orElse(0);
        return score(beginning, text.substring(0, end), model);
    }

    private Plan<DocumentScore> score(TokenizedDocument document, String text, LanguageModel model) {
        Windows windows = new Windows(document, model.positionLimit());
        int[] scored = IntStream.range(0, document.length())
                .filter(i -> document.sides()[i] != TokenizedDocument.TEMPLATE)
                .toArray();
        double[] nll = new double[document.length()];
        return new Plan<>(
                Arrays.stream(scored)
                        .mapToObj(position -> new Question(
                                hide(windows.around(position), position, model.maskId()),
                                answers -> nll[position] = -answers.get(0).candidateLogProbabilities()[0]))
                        .iterator(),
                () -> Outcome.of(reduce(document, text, scored, nll, model)));
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
        return i < seen.length() && seen.sides()[i] == seen.sides()[index] && seen.words()[i] == seen.words()[index];
    }

    private static DocumentScore reduce(
            TokenizedDocument document, String text, int[] scored, double[] nll, LanguageModel model) {
        List<Surprisal> surprisals = new ArrayList<>(scored.length);
        for (int position : scored) {
            surprisals.add(new Surprisal(
                    model.tokenizer().vocabulary().token(document.ids()[position]),
                    document.starts()[position],
                    document.ends()[position],
                    nll[position]));
        }
        return DocumentScore.of(text, surprisals);
    }
}
