package dev.cloze.augment;

import java.util.Locale;
import java.util.Optional;

/** How a new word is written. */
public enum Capitals {
    /** As the word that is replaced: in capitals, with a capital, or without; other patterns leave the word as it is. */
    KEEP {
        @Override
        Optional<String> write(String original, String word) {
            if (original.equals(lower(original))) {
                // A name would not be readable in small letters.
                return word.equals(lower(word)) ? Optional.of(word) : Optional.empty();
            }
            int first = original.offsetByCodePoints(0, 1);
            boolean hasCapital = !original.substring(0, first).equals(lower(original.substring(0, first)));
            String rest = original.substring(first);
            if (!rest.isEmpty() && original.equals(original.toUpperCase(Locale.ROOT))) {
                return Optional.of(word.toUpperCase(Locale.ROOT));
            }
            return Optional.of(hasCapital && rest.equals(lower(rest)) ? capitalised(word) : word);
        }
    },
    /** As the model writes it. */
    OF_MODEL {
        @Override
        Optional<String> write(String original, String word) {
            return Optional.of(word);
        }
    };

    /** The word as it is put in the place of {@code original}; none when it does not fit there. */
    abstract Optional<String> write(String original, String word);

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static String capitalised(String word) {
        int first = word.offsetByCodePoints(0, 1);
        return new StringBuilder()
                .appendCodePoint(Character.toTitleCase(word.codePointAt(0)))
                .append(word, first, word.length())
                .toString();
    }
}
