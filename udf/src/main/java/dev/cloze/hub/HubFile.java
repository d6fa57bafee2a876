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

    /** Whether {@code path} leads to a file of the repository and nowhere else, on every file system. */
    static boolean isSafe(String path) {
        return path.length() <= LONGEST
                && path.chars().allMatch(c -> c >= ' ' && c != '\\' && c != ':' && c != 0x7f)
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }
}
