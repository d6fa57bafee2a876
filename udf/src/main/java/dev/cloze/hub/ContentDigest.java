package dev.cloze.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The digest by which a hub knows the content of a file: sha256 of large files (Git LFS), and of the others the sha1 of a Git blob,
 * which is that of {@code "blob SIZE\0"} and the content.
 *
 * @param kind of digest
 * @param hex in lower-case hexadecimal
 */
record ContentDigest(Kind kind, String hex) {
    private static final int BLOCK = 1 << 20;

    enum Kind {
        GIT_BLOB("SHA-1", "[0-9a-f]{40}"),
        SHA256("SHA-256", "[0-9a-f]{64}");

        private final String algorithm;
        private final String form;

        Kind(String algorithm, String form) {
            this.algorithm = algorithm;
            this.form = form;
        }

        private MessageDigest begin(long size) {
            try {
                MessageDigest digest = MessageDigest.getInstance(algorithm);
                if (this == GIT_BLOB) {
                    digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
                }
                return digest;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has " + algorithm, e);
            }
        }
    }

    /** The digest that {@code text} is, of the kind that its length tells; empty when it is none. */
    static Optional<ContentDigest> of(String text) {
        for (Kind kind : Kind.values()) {
            if (text.matches(kind.form)) {
                return Optional.of(new ContentDigest(kind, text));
            }
        }
        return Optional.empty();
    }

    /** Whether this is the digest of {@code file}. */
    boolean isOf(Path file) throws IOException {
        return equals(of(kind, file));
    }

    /** The digest of {@code file}. */
    static ContentDigest of(Kind kind, Path file) throws IOException {
        MessageDigest digest = kind.begin(Files.size(file));
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(block) >= 0) {
                digest.update(block.flip());
                block.clear();
            }
        }
        return new ContentDigest(kind, HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public String toString() {
        return hex;
    }
}
