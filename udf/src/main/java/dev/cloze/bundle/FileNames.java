package dev.cloze.bundle;

import java.util.Locale;
import java.util.Optional;

/**
 * Names of a bundle's files. They come from strangers, so they are plain names that mean the same on every file system: printable
 * ASCII, no path, nothing hidden.
 */
final class FileNames {
    private static final int LONGEST = 200;
    private static final String RESERVED = "/\\:*?\"<>|";

    private FileNames() {}

    /** Why {@code name} is not the name of a file of a bundle; empty when it is one. */
    static Optional<String> problem(String name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            return Optional.of("a name has from 1 to " + LONGEST + " characters");
        }
        if (!name.chars().allMatch(c -> c >= ' ' && c <= '~' && RESERVED.indexOf(c) < 0)) {
            return Optional.of("a name holds printable ASCII characters other than " + RESERVED);
        }
        if (name.startsWith(".") || name.startsWith(" ") || name.endsWith(".") || name.endsWith(" ")) {
            return Optional.of("a name neither begins nor ends with a dot or a blank");
        }
        return folded(name).equals(Bundle.MANIFEST)
                ? Optional.of(Bundle.MANIFEST + " is the manifest itself")
                : Optional.empty();
    }

    /** Equal for names that are one file where case does not count. */
    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** A stranger's text as it can be shown: one line of visible characters, not too long. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.chars().limit(LONGEST).forEach(c -> {
            if (c >= ' ' && c <= '~') {
                shown.append((char) c);
            } else {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        });
        return shown.append(text.length() > LONGEST ? "…\"" : "\"").toString();
    }
}
