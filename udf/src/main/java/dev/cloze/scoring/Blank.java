package dev.cloze.scoring;

import dev.cloze.mask.Marks;
import dev.cloze.mask.Window;
import dev.cloze.text.Decoder;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** One mask of a document and the candidates found for it so far. */
final class Blank {
    private final TokenizedDocument document;
    private final int mark;
    private final boolean onlyMask;
    private final Decoder decoder;
    private final List<Candidate> candidates = new ArrayList<>();

    Blank(TokenizedDocument document, int mark, boolean onlyMask, Decoder decoder) {
        this.document = document;
        this.mark = mark;
        this.onlyMask = onlyMask;
        this.decoder = decoder;
    }

    TokenizedDocument document() {
        return document;
    }

    /** Position of the mask token in the document. */
    int mark() {
        return mark;
    }

    boolean followsBlank() {
        int start = Marks.start(document, mark);
        return start > 0 && Character.isWhitespace(document.textOf(mark).charAt(start - 1));
    }

    /** A token fills the mask. */
    void add(double logProbability, long token, Window seen) {
        add(logProbability, new long[] {token}, decoder.token(token), seen);
    }

    /** A word fills the mask, under the name that was asked for. */
    void add(double logProbability, long[] pieces, String name, Window seen) {
        OptionalLong token = pieces.length == 1 ? OptionalLong.of(pieces[0]) : OptionalLong.empty();
        candidates.add(new Candidate(Math.exp(logProbability), token, name, sequence(pieces, seen)));
    }

    /** With other masks in the text, special tokens stay visible, as in the Python pipeline. */
    private String sequence(long[] pieces, Window seen) {
        return decoder.sequence(Splice.replace(seen.content().ids(), seen.indexOf(mark), pieces), onlyMask);
    }

    FilledMask filled(int topK) {
        List<Candidate> best =
                candidates.stream().sorted(Candidate.BEST_FIRST).limit(topK).toList();
        return new FilledMask(mark, Marks.start(document, mark), Marks.end(document, mark), best);
    }
}
