package dev.cloze.hub;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What shows a hub who asks. It goes to the hub's own address and nowhere else, and is part of no message.
 *
 * @param secret the token
 * @param origin where it was found, in words
 */
record HubToken(String secret, String origin) {
    private static final int LONGEST = 4096;

    /** In {@code text}, unless that is blank; fails when it holds what no token can. */
    static Optional<HubToken> in(String text, String origin) {
        String secret = text.strip();
        if (secret.length() > LONGEST || !secret.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw ClozeException.user(
                    "use the token in " + origin,
                    "it holds characters that no token has",
                    "put one token there, or none");
        }
        return secret.isEmpty() ? Optional.empty() : Optional.of(new HubToken(secret, origin));
    }

    /** In a file, where {@code hf auth login} puts it; empty when there is none. */
    static Optional<HubToken> in(Path file) {
        try {
            return Files.isRegularFile(file) ? in(Files.readString(file), "the file " + file) : Optional.empty();
        } catch (IOException e) {
            throw ClozeException.user(
                    "read the token in the file " + file,
                    String.valueOf(e),
                    "make it readable, or set HF_HUB_DISABLE_IMPLICIT_TOKEN=1 to ask without a token");
        }
    }

    @Override
    public String toString() {
        return "the token in " + origin;
    }
}
