package dev.cloze.marks;

import dev.cloze.augment.Stopwords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The language of a text by its function words: the one that has most of the first 200 words in its list, when these are 5 % of the words
 * at least, and half as many again as those of the second.
 */
final class Languages {
    /** None of those that there are lists for, or none for certain. */
    static final String OTHER = "other";

    private static final int WORDS = 200;
    private static final double LEAST_SHARE = 0.05;
    private static final double LEAST_LEAD = 1.5;
    /** Enough characters to have so many words. */
    private static final int BEGINNING = 20 * WORDS;

    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{M}'’]+");
    private static final List<String> CODES = List.copyOf(Stopwords.languages());
    /** Places in {@link #CODES} of the languages that have a word. */
    private static final Map<String, int[]> LANGUAGES_OF = languagesOf();

    private Languages() {}

    private static Map<String, int[]> languagesOf() {
        Map<String, List<Integer>> words = new HashMap<>();
        for (int i = 0; i < CODES.size(); i++) {
            for (String word : Stopwords.of(List.of(CODES.get(i)))) {
                words.computeIfAbsent(word, any -> new ArrayList<>()).add(i);
            }
        }
        Map<String, int[]> languages = new HashMap<>();
        words.forEach((word, codes) ->
                languages.put(word, codes.stream().mapToInt(Integer::intValue).toArray()));
        return languages;
    }

    /** A code such as {@code en}, or {@link #OTHER}. */
    static String of(String text) {
        String beginning = text.substring(0, Math.min(text.length(), BEGINNING));
        List<String> words = NO_LETTERS
                .splitAsStream(beginning.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .limit(WORDS)
                .toList();
        int[] hits = new int[CODES.size()];
        words.forEach(word ->
                Arrays.stream(LANGUAGES_OF.getOrDefault(word, new int[0])).forEach(code -> hits[code]++));
        int best = 0;
        for (int i = 1; i < hits.length; i++) {
            best = hits[i] > hits[best] ? i : best;
        }
        int most = hits[best];
        hits[best] = 0;
        int second = Arrays.stream(hits).max().orElse(0);
        boolean isCertain = most > 0 && most >= LEAST_SHARE * words.size() && most >= LEAST_LEAD * second;
        return isCertain ? CODES.get(best) : OTHER;
    }
}
