package dev.cloze.augment;

import java.io.Serializable;
import java.util.ArrayList;
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
 * @param ignored nor do words that one of these matches whole
 * @param minLength nor do shorter ones, in characters
 * @param shielded stretches of a text that one of these matches are left as they are
 */
public record Rules(Set<String> stopwords, List<Pattern> ignored, int minLength, List<Pattern> shielded)
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

    public Rules {
        // In one order, so that equal rules are written the same.
        stopwords = new TreeSet<>(stopwords);
        ignored = List.copyOf(ignored);
        shielded = List.copyOf(shielded);
    }

    boolean allow(String word) {
        return word.codePointCount(0, word.length()) >= minLength
                && !stopwords.contains(word.toLowerCase(Locale.ROOT))
                && ignored.stream().noneMatch(pattern -> pattern.matcher(word).matches());
    }

    /** The stretches of {@code text} that are left as they are. */
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
