package dev.cloze.stats.exemplar;

import dev.cloze.marks.TextHash;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The runs of five words of a text, or of five characters where it has few words, as numbers: what two texts have in common is what their
 * shingles have. Case does not matter, and all digits are equal.
 *
 * @param hashes sorted, each once
 */
record Shingles(long[] hashes) {
    private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{Nd}]+");
    private static final int LONG = 5;
    private static final int FEW_WORDS = 8;

    static Shingles of(String text) {
        String plain = DIGIT.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("0");
        List<String> words =
                NO_WORD.splitAsStream(plain).filter(word -> !word.isEmpty()).toList();
        List<String> parts = words.size() < FEW_WORDS
                ? plain.strip().codePoints().mapToObj(Character::toString).toList()
                : words;
        int last = Math.max(1, parts.size() - LONG + 1);
        long[] hashes = new long[last];
        for (int i = 0; i < last; i++) {
            hashes[i] = hash(parts.subList(i, Math.min(parts.size(), i + LONG)));
        }
        return new Shingles(Arrays.stream(hashes).sorted().distinct().toArray());
    }

    private static long hash(List<String> parts) {
        long hash = 0;
        for (String part : parts) {
            hash = TextHash.more(hash, part);
        }
        return hash;
    }

    /** Whether at least {@code share} of the shingles of both are common to both: the index of Jaccard. */
    boolean areAlike(Shingles other, double share) {
        int fewer = Math.min(hashes.length, other.hashes.length);
        int more = Math.max(hashes.length, other.hashes.length);
        if (fewer < share * more) {
            return false;
        }
        int common = common(other);
        return common >= share * (hashes.length + other.hashes.length - common);
    }

    private int common(Shingles other) {
        int common = 0;
        int i = 0;
        int j = 0;
        while (i < hashes.length && j < other.hashes.length) {
            long mine = hashes[i];
            long its = other.hashes[j];
            common += mine == its ? 1 : 0;
            i += mine <= its ? 1 : 0;
            j += its <= mine ? 1 : 0;
        }
        return common;
    }
}
