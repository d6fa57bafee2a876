package dev.cloze.scoring;

import dev.cloze.mask.LongTexts;
import dev.cloze.mask.Windows;
import dev.cloze.text.TokenizedDocument;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** What of a document is read: all of it, as much as the model reads at once, or nothing. */
final class LengthPolicy {
    private LengthPolicy() {}

    /** Plans what a model that sees both sides is left with; of a document that is too long its beginning is one window. */
    static <R> Plan<R> plan(
            String what,
            TokenizedDocument document,
            int limit,
            LongTexts longTexts,
            Function<TokenizedDocument, Plan<R>> read) {
        return plan(
                what,
                document,
                limit,
                longTexts,
                whole -> new Windows(whole, limit).beginning().content(),
                read);
    }

    /**
     * Plans what is left of {@code document} with {@code read}.
     *
     * @param what is done with the text, for messages
     * @param limit tokens that the model reads at once
     * @param beginning the first tokens of a longer document
     */
    static <R> Plan<R> plan(
            String what,
            TokenizedDocument document,
            int limit,
            LongTexts longTexts,
            UnaryOperator<TokenizedDocument> beginning,
            Function<TokenizedDocument, Plan<R>> read) {
        if (document.contentLength() == 0) {
            return Plan.refuse(Status.EMPTY, "Cannot " + what + " the text: it has no tokens; leave the row out");
        }
        if (document.length() <= limit || longTexts == LongTexts.WINDOW) {
            return read.apply(document);
        }
        if (longTexts == LongTexts.FAIL) {
            return Plan.refuse(
                    Status.TOO_LONG,
                    "Cannot " + what + " the text: it has " + document.length() + " tokens, the model reads " + limit
                            + "; use --long window or --long truncate");
        }
        TokenizedDocument left = beginning.apply(document);
        // Words and bytes are counted as far as the text is read.
        return read.apply(left.endingAt(IntStream.of(left.ends()).max().orElse(0)));
    }
}
