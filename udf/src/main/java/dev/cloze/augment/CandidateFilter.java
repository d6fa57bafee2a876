package dev.cloze.augment;

import dev.cloze.augment.Change.Action;
import dev.cloze.augment.Change.Unit;
import dev.cloze.augment.Rules.Names;
import dev.cloze.model.Prediction;
import dev.cloze.text.Piece;
import dev.cloze.text.SubwordTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The filters on what the model says: which of its tokens may be put into a place.
 *
 * @param present words of the text, in small letters, that are not put in again
 */
record CandidateFilter(SubwordTokenizer tokenizer, Change change, Rules rules, Set<String> present, int topK) {

    /** The most probable tokens that pass, by falling probability. */
    List<TokenCandidate> candidates(Prediction prediction, Slot slot, int piece) {
        List<TokenCandidate> candidates = new ArrayList<>();
        for (int i = 0; i < prediction.topIds().length && candidates.size() < topK; i++) {
            long id = prediction.topIds()[i];
            Piece token = tokenizer.piece(id);
            if (admits(id, token, slot, piece)) {
                candidates.add(new TokenCandidate(id, token.text(), prediction.topLogProbabilities()[i], i + 1));
            }
        }
        return candidates;
    }

    private boolean admits(long id, Piece token, Slot slot, int piece) {
        Piece.Kind kind = piece == 0 ? slot.kind() : Piece.Kind.CONTINUATION;
        if (token.kind() != kind || !Letters.isWord(token.text())) {
            return false;
        }
        if (!slot.isLast(piece)) {
            return true;
        }
        long[] ids = slot.idsWith(id);
        String text = slot.textWith(token.text());
        return !slot.isOriginal(ids) && isSpelled(ids, token, text, kind) && isOther(text, slot);
    }

    /** Whether the tokenizer reads the new word as these tokens; a part of a word is read with its neighbours. */
    private boolean isSpelled(long[] ids, Piece token, String text, Piece.Kind kind) {
        if (change.unit() == Unit.PIECE) {
            return true;
        }
        if (ids.length == 1) {
            return token.isWord();
        }
        boolean beginsText = kind == Piece.Kind.CONTINUATION;
        return Arrays.equals(tokenizer.pieces(beginsText ? text : " " + text), ids);
    }

    /** Whether it follows the rules, is written in the letters of its place, and repeats neither the replaced word nor the words beside it. */
    private boolean isOther(String text, Slot slot) {
        Place place = slot.place();
        boolean replaces = slot.action() == Action.REPLACE;
        String word = replaces ? place.wordWith(text) : text;
        String next = replaces ? place.word().after() : place.word().text();
        boolean needsCapital =
                replaces && rules.names() == Names.AUTO && place.word().isName();
        return rules.allow(word)
                && !present.contains(word.toLowerCase(Locale.ROOT))
                && !(needsCapital && !Capitalised.hasCapital(word, 0))
                && Scripts.suit(text, place.word().text())
                && !word.equalsIgnoreCase(place.word().text())
                && !word.equalsIgnoreCase(place.word().before())
                && !word.equalsIgnoreCase(next)
                && fits(text, slot);
    }

    private boolean fits(String text, Slot slot) {
        return slot.action() == Action.INSERT
                || change.capitals().write(slot.place().text(), text).isPresent();
    }
}
