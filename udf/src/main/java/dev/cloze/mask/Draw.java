package dev.cloze.mask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Random numbers of one token that depend on nothing but the seed and which token it is, so that a cluster of any size, in any
 * order, draws the same: the 32 bytes of SHA-256 over the UTF-8 text {@code seed/window/position/document}, read as four
 * big-endian integers. Any language can repeat them.
 */
public final class Draw {
    /** Bits of a double between 0 and 1. */
    private static final int BITS = 53;

    private final ByteBuffer digest;

    private Draw(ByteBuffer digest) {
        this.digest = digest;
    }

    /**
     * @param seed of the run
     * @param documentId names the document
     * @param window number of the window within the document
     * @param position of the token within the document, the template's special tokens included
     */
    public static Draw of(long seed, String documentId, int window, int position) {
        String name = seed + "/" + window + "/" + position + "/" + documentId;
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return new Draw(ByteBuffer.wrap(sha256.digest(name.getBytes(StandardCharsets.UTF_8))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Number {@code which}, 0 to 3, of this token: at least 0 and less than 1, uniformly. */
    public double uniform(int which) {
        return (digest.getLong(which * Long.BYTES) >>> (Long.SIZE - BITS)) * 0x1p-53;
    }
}
