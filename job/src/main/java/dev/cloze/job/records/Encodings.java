package dev.cloze.job.records;

import dev.cloze.failure.ClozeException;
import dev.cloze.failure.NearMiss;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Encodings of characters by their names. */
public final class Encodings {
    private static final Map<Charset, Boolean> LINES = new ConcurrentHashMap<>();

    private Encodings() {}

    /** The encoding {@code name}, in any of its spellings. */
    public static Charset named(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw ClozeException.user(
                    "read encoding \"" + name + "\"",
                    "there is no encoding of that name",
                    NearMiss.of(name, Charset.availableCharsets().keySet())
                            .map(near -> "did you mean " + near + "?")
                            .orElse("give a name such as UTF-8, ISO-8859-1, windows-1252 or UTF-16"));
        }
    }

    /** Whether the bytes of line ends stand for nothing else, so that a file can be cut at them before it is decoded. */
    static boolean keepsLines(Charset encoding) {
        return encoding.equals(StandardCharsets.UTF_8) || LINES.computeIfAbsent(encoding, Encodings::findKeepsLines);
    }

    private static boolean findKeepsLines(Charset encoding) {
        if (!encoding.canEncode()) {
            return false;
        }
        CharsetEncoder encoder = encoding.newEncoder();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            if (encoder.canEncode((char) c) && hasLineEnd(encoder, (char) c) != (c == '\n' || c == '\r')) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasLineEnd(CharsetEncoder encoder, char c) {
        try {
            ByteBuffer bytes = encoder.encode(CharBuffer.wrap(new char[] {c}));
            boolean isLineEnd = c == '\n' || c == '\r';
            if (isLineEnd) {
                return bytes.remaining() == 1 && bytes.get() == (byte) c;
            }
            while (bytes.hasRemaining()) {
                byte b = bytes.get();
                if (b == '\n' || b == '\r') {
                    return true;
                }
            }
            return false;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
