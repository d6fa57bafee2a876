package dev.cloze.augment;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lists of frequent words: those of the Snowball project, as Apache Lucene has them, and a user's own. */
public final class Stopwords {
    /** Names the list of the language that each text is written in. */
    public static final String AUTO = "auto";
    /** Names no list. */
    public static final String NONE = "none";

    private static final String RESOURCE = "/org/apache/lucene/analysis/snowball/%s_stop.txt";
    /** Behind it a line of Snowball's lists has a comment. */
    private static final char COMMENT = '|';

    private static final Map<String, String> LANGUAGES = new TreeMap<>(Map.ofEntries(
            Map.entry("da", "danish"),
            Map.entry("de", "german"),
            Map.entry("en", "english"),
            Map.entry("es", "spanish"),
            Map.entry("fi", "finnish"),
            Map.entry("fr", "french"),
            Map.entry("hu", "hungarian"),
            Map.entry("it", "italian"),
            Map.entry("nl", "dutch"),
            Map.entry("no", "norwegian"),
            Map.entry("pt", "portuguese"),
            Map.entry("ru", "russian"),
            Map.entry("sv", "swedish")));

    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{M}'’]+");

    private Stopwords() {}

    /** Every list, read once in a JVM. */
    private static final class Lists {
        static final Map<String, Set<String>> ALL = LANGUAGES.keySet().stream()
                .collect(Collectors.toMap(code -> code, code -> Set.copyOf(of(List.of(code)))));
    }

    /**
     * The list of the language that {@code text} is written in: the one that has most of its words. Where several have as many, the
     * words of all of them; none where no list has any.
     */
    static Set<String> ofLanguageOf(String text) {
        Map<String, Long> hits = new TreeMap<>();
        NO_LETTERS
                .splitAsStream(text.toLowerCase(Locale.ROOT))
                .forEach(word -> Lists.ALL.forEach((code, list) -> {
                    if (list.contains(word)) {
                        hits.merge(code, 1L, Long::sum);
                    }
                }));
        long most = hits.values().stream().mapToLong(Long::longValue).max().orElse(0);
        Set<String> words = new TreeSet<>();
        hits.forEach((code, count) -> {
            if (count == most) {
                words.addAll(Lists.ALL.get(code));
            }
        });
        return words;
    }

    /** Codes of the languages that there are lists for. */
    public static Set<String> languages() {
        return LANGUAGES.keySet();
    }

    /** Whether {@code list} names a list or none, without a file. */
    public static boolean isKnown(String list) {
        return LANGUAGES.containsKey(list) || list.equals(AUTO) || list.equals(NONE);
    }

    /** Whether {@code list} is known or a file. */
    public static boolean exists(String list) {
        return isKnown(list) || Files.isRegularFile(Path.of(list));
    }

    /** The words of all lists together, in small letters; {@link #AUTO} has none before there is a text. */
    public static Set<String> of(Collection<String> lists) {
        Set<String> words = new TreeSet<>();
        for (String list : lists) {
            for (String line : lines(list)) {
                int comment = line.indexOf(COMMENT);
                String word = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!word.isEmpty()) {
                    words.add(word.toLowerCase(Locale.ROOT));
                }
            }
        }
        return words;
    }

    private static List<String> lines(String list) {
        if (LANGUAGES.containsKey(list)) {
            return language(list);
        }
        return isKnown(list) ? List.of() : file(list);
    }

    private static List<String> language(String code) {
        String resource = String.format(Locale.ROOT, RESOURCE, LANGUAGES.get(code));
        try (InputStream in = Stopwords.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> file(String name) {
        try {
            return Files.readAllLines(Path.of(name));
        } catch (IOException e) {
            throw ClozeException.user(
                    "read stopwords " + name, String.valueOf(e.getMessage()), "give a file of UTF-8, a word a line");
        }
    }
}
