package dev.cloze.hub;

import java.util.Arrays;

/**
 * A file of a repository at some commit.
 *
 * @param path in the repository
 * @param size in bytes
 * @param digest of its content
 */
record HubFile(String path, long size, ContentDigest digest) {
    private static final int LONGEST = 1000;

    /** Controls, among them those of the direction of writing, would reach the terminal. */
    private static boolean isUnsafe(int sign) {
        return Character.isISOControl(sign)
                || Character.getType(sign) == Character.FORMAT
                || Character.getType(sign) == Character.SURROGATE
                || sign == '\\'
                || sign == ':';
    }

    /** Whether {@code path} leads to a file of the repository and nowhere else, on every file system. */
    static boolean isSafe(String path) {
        return path.length() <= LONGEST
                && path.codePoints().noneMatch(HubFile::isUnsafe)
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }
}
