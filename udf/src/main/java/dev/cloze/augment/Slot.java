package dev.cloze.augment;

import dev.cloze.augment.Change.Action;
import dev.cloze.text.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A place of one candidate and what is put there, piece by piece. */
final class Slot {
    private final Place place;
    private final Action action;
    private final Piece.Kind kind;
    private final long[] originals;
    private final int pieces;
    private final List<TokenCandidate> found = new ArrayList<>();
    private State state = State.UNTOUCHED;

    private enum State {
        /** The text is seen as it was. */
        UNTOUCHED,
        /** Masks stand there, and pieces that were found. */
        OPEN,
        /** No word was found; the text stays as it was. */
        GIVEN_UP
    }

    /**
     * @param kind how the first piece joins what stands before it
     * @param originals tokens that give way; none when a word is put before the place
     * @param pieces of the new word
     */
    Slot(Place place, Action action, Piece.Kind kind, long[] originals, int pieces) {
        this.place = place;
        this.action = action;
        this.kind = kind;
        this.originals = originals;
        this.pieces = pieces;
    }

    Place place() {
        return place;
    }

    Action action() {
        return action;
    }

    Piece.Kind kind() {
        return kind;
    }

    void open() {
        state = State.OPEN;
    }

    void giveUp() {
        state = State.GIVEN_UP;
    }

    void add(TokenCandidate candidate) {
        found.add(candidate);
    }

    /** Whether its {@code piece}th piece is still to be found. */
    boolean wants(int piece) {
        return state == State.OPEN && piece == found.size() && piece < pieces;
    }

    boolean isLast(int piece) {
        return piece == pieces - 1;
    }

    /** Whether the model reads something else there than the text. */
    boolean isChanged() {
        return state == State.OPEN;
    }

    boolean isFilled() {
        return state == State.OPEN && found.size() == pieces;
    }

    /** What the model reads there: what was found, and masks. */
    long[] ids(long maskId) {
        long[] ids = new long[pieces];
        Arrays.fill(ids, maskId);
        for (int i = 0; i < found.size(); i++) {
            ids[i] = found.get(i).id();
        }
        return ids;
    }

    /** What was found, and {@code next} after it. */
    String textWith(String next) {
        StringBuilder text = new StringBuilder();
        found.forEach(candidate -> text.append(candidate.text()));
        return text.append(next).toString();
    }

    /** The ids of what was found, and {@code next} after them. */
    long[] idsWith(long next) {
        long[] ids = Arrays.copyOf(ids(0), found.size() + 1);
        ids[found.size()] = next;
        return ids;
    }

    /** Whether these are the tokens that give way: the same word, after the model's normaliser. */
    boolean isOriginal(long[] ids) {
        return Arrays.equals(ids, originals);
    }

    /** Of all that was found. */
    double logProbability() {
        return found.stream().mapToDouble(TokenCandidate::logProbability).sum();
    }

    /** The change that it is, when it is filled. */
    Edit edit(String text, Capitals capitals) {
        boolean inserts = action == Action.INSERT;
        int end = inserts ? place.start() : place.end();
        String original = text.substring(place.start(), end);
        String word = textWith("");
        return new Edit(
                place.start(),
                end,
                original,
                inserts ? word + " " : capitals.write(original, word).orElse(word),
                Math.exp(logProbability()),
                found.stream().mapToInt(TokenCandidate::rank).max().orElseThrow());
    }
}
