package dev.cloze.augment;

import dev.cloze.augment.Change.Action;
import dev.cloze.augment.Change.Unit;
import dev.cloze.mask.LongTexts;
import dev.cloze.mask.WindowShare;
import dev.cloze.mask.Windows;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.Piece;
import dev.cloze.text.TokenizedDocument;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A document as all its candidates start from it.
 *
 * @param rules of this document
 * @param places where it may be changed
 * @param shares the windows that the model sees it through, with room for more tokens
 */
record Source(
        TokenizedDocument document,
        LanguageModel model,
        Augment task,
        Rules rules,
        Places places,
        List<WindowShare> shares) {
    /** A window's words may become so many times as many tokens: three pieces beside the one that is there. */
    private static final int GROWTH = 4;

    static Source of(TokenizedDocument document, LanguageModel model, Augment task, List<Span> shielded) {
        int limit = model.positionLimit();
        TokenizedDocument seen = document;
        if (document.length() > limit && task.longTexts() == LongTexts.TRUNCATE) {
            seen = new Windows(document, limit).beginning().content();
        }
        Rules rules = task.rules().of(document.document().text(), model.tokenizer());
        Places places =
                Places.of(document, lastOf(seen) + 1, model.tokenizer().vocabulary(), task.change(), rules, shielded);
        int most = task.amount().of(places.words(), places.eligible().size());
        int more = most * task.change().mostPieces();
        int room = Math.max(limit - more, limit / GROWTH);
        return new Source(document, model, task, rules, places, new Windows(document, room).shares());
    }

    /** The last position of the text of {@code seen}, counted in its whole document. */
    private static int lastOf(TokenizedDocument seen) {
        return IntStream.range(0, seen.length())
                .filter(i -> seen.sequenceIds()[i] == TokenizedDocument.FIRST)
                .max()
                .orElse(-1);
    }

    String text() {
        return document.document().text();
    }

    /** The share that the token at {@code position} belongs to. */
    WindowShare shareOf(int position) {
        return shares.stream()
                .filter(share -> Arrays.binarySearch(share.positions(), position) >= 0)
                .findFirst()
                .orElseThrow();
    }

    Slot slot(Place place, Draws draws) {
        Change change = task.change();
        int pieces = change.pieces(draws.pieces(place.first()));
        if (change.action() == Action.INSERT) {
            return new Slot(place, Action.INSERT, Piece.Kind.HEAD, new long[0], pieces);
        }
        long[] originals = Arrays.copyOfRange(document.ids(), place.first(), place.last() + 1);
        return new Slot(place, Action.REPLACE, kind(place), originals, pieces);
    }

    private Piece.Kind kind(Place place) {
        Piece.Kind kind = model.tokenizer().piece(document.ids()[place.first()]).kind();
        boolean isPart = task.change().unit() == Unit.PIECE
                && place.start() > place.word().start();
        // A word that the vocabulary cannot spell may be replaced by one that it can.
        return kind == Piece.Kind.SPECIAL ? isPart ? Piece.Kind.CONTINUATION : Piece.Kind.HEAD : kind;
    }
}
