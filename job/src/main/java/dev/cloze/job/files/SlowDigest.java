package dev.cloze.job.files;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A digest of which a weak password is not guessed quickly. */
final class SlowDigest {
    /** As OWASP recommends for this function; about half a second, once a run. */
    private static final int ROUNDS = 600_000;

    private static final int BITS = 64;

    private SlowDigest() {}

    /** @param salt known, and the same whenever digests are compared: two drivers that begin at once must agree */
    static String of(String secret, String salt) {
        PBEKeySpec spec =
                new PBEKeySpec(secret.toCharArray(), ("cloze " + salt).getBytes(StandardCharsets.UTF_8), ROUNDS, BITS);
        try {
            byte[] digest = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            // Every Java platform since 8 has it.
            throw new IllegalStateException(e);
        } finally {
            spec.clearPassword();
        }
    }
}
