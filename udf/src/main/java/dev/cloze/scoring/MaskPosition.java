package dev.cloze.scoring;

import dev.cloze.mask.MaskTokens;
import dev.cloze.mask.Window;
import dev.cloze.text.Decoder;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One mask of a document and what was found for it so far. */
final class MaskPosition {
    /** Best first; equal scores by rising id, words of several pieces last. */
    private static final Comparator<Found> BEST_FIRST = Comparator.comparingDouble(Found::logProbability)
            .reversed()
            .thenComparingLong(found -> found.pieces.length == 1 ? found.pieces[0] : Long.MAX_VALUE);

    private final TokenizedDocument document;
    private final int position;
    private final int masks;
    private final Decoder decoder;
    private final List<Found> found = new ArrayList<>();

    /** @param masks of the document, all together */
    MaskPosition(TokenizedDocument document, int position, int masks, Decoder decoder) {
        this.document = document;
        this.position = position;
        this.masks = masks;
        this.decoder = decoder;
    }

    TokenizedDocument document() {
        return document;
    }

    /** Position of the mask token in the document. */
    int position() {
        return position;
    }

    boolean followsBlank() {
        int start = MaskTokens.start(document, position);
        return start > 0 && Character.isWhitespace(document.textOf(position).charAt(start - 1));
    }

    /** A token may fill the mask. */
    void add(double logProbability, long token, Window seen) {
        found.add(new Found(logProbability, new long[] {token}, Optional.empty(), seen));
    }

    /** A word may fill the mask, under the name that was asked for. */
    void add(double logProbability, long[] pieces, String name, Window seen) {
        found.add(new Found(logProbability, pieces, Optional.of(name), seen));
    }

    /** The best of all that was found; only these are decoded. */
    FilledMask filled(int topK) {
        List<Candidate> best = found.stream()
                .sorted(BEST_FIRST)
                .limit(topK)
                .map(this::candidate)
                .toList();
        return new FilledMask(position, MaskTokens.start(document, position), MaskTokens.end(document, position), best);
    }

    private Candidate candidate(Found found) {
        boolean single = found.pieces.length == 1;
        // With other masks in the text, special tokens stay visible, as in the Python pipeline.
        long[] filled = Splice.replace(found.seen.content().ids(), found.seen.indexOf(position), found.pieces);
        String sequence = masks == 1 ? decoder.content(filled) : decoder.sequence(filled);
        return new Candidate(
                Math.exp(found.logProbability),
                single ? OptionalLong.of(found.pieces[0]) : OptionalLong.empty(),
                found.name.orElseGet(() -> decoder.token(found.pieces[0])),
                sequence);
    }

    private record Found(double logProbability, long[] pieces, Optional<String> name, Window seen) {
        @Override
        public String toString() {
            return "Found[" + logProbability + "]";
        }
    }
}
