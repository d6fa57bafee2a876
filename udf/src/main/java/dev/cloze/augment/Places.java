package dev.cloze.augment;

import dev.cloze.augment.Change.Action;
import dev.cloze.augment.Change.Unit;
import dev.cloze.augment.Place.Word;
import dev.cloze.augment.Rules.Names;
import dev.cloze.augment.Rules.Repeats;
import dev.cloze.text.TokenizedDocument;
import dev.cloze.text.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where a text may be changed.
 *
 * @param words of the text: what has letters only; numbers and punctuation are none
 * @param eligible places that pass the rules, in the order of the text
 * @param present words that are not put in again, in small letters
 */
record Places(int words, List<Place> eligible, Set<String> present) {

    /**
     * @param seen positions that may be changed end before this one
     * @param shielded spans that stay as they are
     */
    static Places of(
            TokenizedDocument document,
            int seen,
            Vocabulary vocabulary,
            Change change,
            Rules rules,
            List<Span> shielded) {
        List<Place> words = words(document, vocabulary);
        String text = document.document().text();
        Shields shields = Shields.of(shielded);
        List<Place> eligible = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            Place word = words.get(i)
                    .between(
                            i == 0 ? "" : words.get(i - 1).word().text(),
                            i == words.size() - 1 ? "" : words.get(i + 1).word().text());
            boolean free = !shields.touch(word.start(), word.end());
            boolean fits = change.action() == Action.REPLACE
                    ? !(word.word().isName() && rules.names() == Names.KEEP)
                    : followsBlank(text, word.start());
            if (word.last() < seen
                    && free
                    && fits
                    && rules.allow(word.word().text())
                    && Letters.standAlone(text, word.start(), word.end())) {
                eligible.addAll(change.unit() == Unit.PIECE ? pieces(word, document) : List.of(word));
            }
        }
        return new Places(words.size(), eligible, rules.repeats() == Repeats.REFUSED ? spelled(words) : Set.of());
    }

    private static Set<String> spelled(List<Place> words) {
        return words.stream()
                .map(place -> place.word().text().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /** The places with the lowest numbers of a draw, in the order of the text. */
    List<Place> choose(Amount amount, Draws draws) {
        return eligible.stream()
                .map(place -> new Drawn(draws.order(place.first()), place))
                .sorted(Comparator.comparingDouble(Drawn::order)
                        .thenComparingInt(drawn -> drawn.place().first()))
                .limit(amount.of(words, eligible.size()))
                .map(Drawn::place)
                .sorted(Comparator.comparingInt(Place::first))
                .toList();
    }

    /** A place and its random number, which is costly. */
    private record Drawn(double order, Place place) {}

    private static boolean followsBlank(String text, int start) {
        return start > 0 && Character.isWhitespace(text.charAt(start - 1));
    }

    private static List<Place> words(TokenizedDocument document, Vocabulary vocabulary) {
        List<Place> words = new ArrayList<>();
        Capitalised capitals = new Capitalised(document.document().text());
        int length = document.length();
        for (int first = 0, next; first < length; first = next) {
            next = first + 1;
            while (next < length && isSameWord(document, first, next)) {
                next++;
            }
            boolean special = IntStream.range(first, next).anyMatch(i -> vocabulary.isSpecial(document.ids()[i]));
            if (document.sequenceIds()[first] == TokenizedDocument.FIRST && !special) {
                addWord(document, first, next - 1, capitals, words);
            }
        }
        return words;
    }

    private static boolean isSameWord(TokenizedDocument document, int first, int next) {
        return document.sequenceIds()[next] == document.sequenceIds()[first]
                && document.words()[next] == document.words()[first];
    }

    /** Some tokenizers count punctuation to a word. */
    private static void addWord(TokenizedDocument document, int from, int to, Capitalised capitals, List<Place> words) {
        int first = from;
        int last = to;
        while (first < last && !Letters.hasLetter(text(document, first))) {
            first++;
        }
        while (first < last && !Letters.hasLetter(text(document, last))) {
            last--;
        }
        String text = document.document().text();
        int start = start(document, first);
        int end = Letters.withMarks(text, end(document, last));
        if (start < end && Letters.isWord(text.substring(start, end))) {
            String word = text.substring(start, end);
            words.add(new Place(first, last, start, end, new Word(word, start, "", "", capitals.isName(start))));
        }
    }

    /** The tokens of a word, where each has characters of its own. */
    private static List<Place> pieces(Place word, TokenizedDocument document) {
        List<Place> pieces = new ArrayList<>();
        int end = word.start();
        for (int i = word.first(); i <= word.last(); i++) {
            int start = end;
            end = i == word.last() ? word.end() : Math.max(start, end(document, i));
            if (start == end || i > word.first() && start(document, i) != start) {
                return List.of();
            }
            pieces.add(new Place(i, i, start, end, word.word()));
        }
        return pieces;
    }

    private static String text(TokenizedDocument document, int position) {
        return document.document().text().substring(document.starts()[position], document.ends()[position]);
    }

    /** Without blanks that some tokenizers count to a token. */
    private static int start(TokenizedDocument document, int position) {
        int start = document.starts()[position];
        while (start < document.ends()[position]
                && Character.isWhitespace(document.document().text().charAt(start))) {
            start++;
        }
        return start;
    }

    private static int end(TokenizedDocument document, int position) {
        int end = document.ends()[position];
        while (end > document.starts()[position]
                && Character.isWhitespace(document.document().text().charAt(end - 1))) {
            end--;
        }
        return end;
    }
}
