package dev.cloze.job.corpus;

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

/** Lists of frequent words: those of the Snowball project, as Apache Lucene has them, and a user's own. */
public final class Stopwords {
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

    private Stopwords() {}

    /** Codes of the languages that there are lists for. */
    public static Set<String> languages() {
        return LANGUAGES.keySet();
    }

    /** Whether {@code list} is a language or a file. */
    public static boolean exists(String list) {
        return LANGUAGES.containsKey(list) || Files.isRegularFile(Path.of(list));
    }

    /** The words of all lists together, in small letters. */
    public static Set<String> of(Collection<String> lists) {
        Set<String> words = new TreeSet<>();
        for (String list : lists) {
            for (String line : LANGUAGES.containsKey(list) ? language(list) : file(list)) {
                int comment = line.indexOf(COMMENT);
                String word = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!word.isEmpty()) {
                    words.add(word.toLowerCase(Locale.ROOT));
                }
            }
        }
        return words;
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
