package dev.cloze.augment;

import dev.cloze.text.SubwordTokenizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which words take part: the same for words that give way and for those put in.
 *
 * @param stopwords words in small letters that take no part
 * @param language whether the stop words of the text's language take no part either
 * @param names what becomes of names
 * @param repeats whether words are put in that the text has already
 * @param ignored nor do words that one of these matches completely
 * @param minLength nor do shorter ones, in characters
 * @param shielded spans of a text that one of these matches are left as they are
 */
public record Rules(
        Set<String> stopwords,
        Language language,
        Names names,
        Repeats repeats,
        List<Pattern> ignored,
        int minLength,
        List<Pattern> shielded)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    /** No word is longer. */
    public static final int MOST_LENGTH = 1_000;

    /** Addresses, mail addresses, placeholders and tags. None of them goes back over a long text more than once. */
    public static final List<Pattern> SHIELDED = Stream.of(
                    "(?i)\\b(?:https?|ftp)://\\S+|\\bwww\\.\\S+",
                    "(?<![\\w.+-])[\\w.+-]++@[\\w-]++(?:\\.[\\w-]++)+",
                    "\\$?\\{[^{}]{0,200}\\}",
                    "\\[[A-Z_]{2,40}\\]",
                    "%\\(\\w{1,100}\\)[a-z]",
                    "<[^<>]{1,200}>")
            .map(Pattern::compile)
            .toList();

    /** When nobody says otherwise. */
    public static final Rules DEFAULT =
            new Rules(Set.of(), Language.OF_TEXT, Names.AUTO, Repeats.REFUSED, List.of(), 1, SHIELDED);

    /** Whose stop words take no part, beside those that are named. */
    public enum Language {
        /** Those of the language that the text is written in, as far as there is a list of it. */
        OF_TEXT,
        /** Nobody's. */
        NONE
    }

    /** What becomes of names: words with a capital within a sentence. */
    public enum Names {
        /** A model that knows capitals puts a word with a capital in their place; a model that does not leaves them as they are. */
        AUTO,
        /** They stay as they are. */
        KEEP,
        /** They give way to any word. */
        REPLACE
    }

    /** Whether words are put in that the text has already. */
    public enum Repeats {
        REFUSED,
        /** Only not beside the same word. */
        ALLOWED
    }

    public Rules {
        // In one order, so that equal rules are written the same.
        stopwords = new TreeSet<>(stopwords);
        ignored = List.copyOf(ignored);
        shielded = List.copyOf(shielded);
    }

    /** The rules for {@code text}: its language decides about stop words, and the model's letters about names. */
    Rules of(String text, SubwordTokenizer tokenizer) {
        Set<String> all = stopwords;
        if (language == Language.OF_TEXT) {
            all = new TreeSet<>(stopwords);
            all.addAll(Stopwords.ofLanguageOf(text));
        }
        return new Rules(all, Language.NONE, names(tokenizer), repeats, ignored, minLength, shielded);
    }

    private Names names(SubwordTokenizer tokenizer) {
        boolean knowsCapitals = !Arrays.equals(tokenizer.pieces("A"), tokenizer.pieces("a"));
        return names == Names.AUTO && !knowsCapitals ? Names.KEEP : names;
    }

    boolean allow(String word) {
        return word.codePointCount(0, word.length()) >= minLength
                && !stopwords.contains(word.toLowerCase(Locale.ROOT))
                && ignored.stream().noneMatch(pattern -> pattern.matcher(word).matches());
    }

    /** The spans of {@code text} that are left as they are. */
    List<Span> shieldedIn(String text) {
        List<Span> spans = new ArrayList<>();
        for (Pattern pattern : shielded) {
            for (MatchResult match :
                    (Iterable<MatchResult>) pattern.matcher(text).results()::iterator) {
                spans.add(new Span(match.start(), match.end()));
            }
        }
        return spans;
    }
}
