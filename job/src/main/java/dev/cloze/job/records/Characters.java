package dev.cloze.job.records;

import dev.cloze.job.records.TextRecord.Origin;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** The characters of a stream one by one. What cannot be decoded becomes U+FFFD, and that is known. */
final class Characters implements Closeable {
    static final int END = -1;

    private static final int SIZE = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final char REPLACEMENT = '\uFFFD';

    private final InputStream stream;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).limit(0);
    private final CharBuffer chars = CharBuffer.allocate(SIZE).limit(0);
    private boolean isEnd;
    private boolean isDone;
    private int undecoded;
    private Origin origin = Origin.DECODED;
    private int peeked;
    private boolean hasPeeked;

    Characters(InputStream stream, Charset encoding) throws IOException {
        this.stream = stream;
        this.decoder = encoding.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        if (peek() == BYTE_ORDER_MARK) {
            next();
        }
    }

    /** The next character, or {@link #END}. */
    int next() throws IOException {
        if (hasPeeked) {
            hasPeeked = false;
            return peeked;
        }
        while (!chars.hasRemaining()) {
            if (isDone) {
                return END;
            }
            fill();
        }
        char c = chars.get();
        if (c == TextRecord.NUL) {
            origin = Origin.DOUBTFUL;
        }
        return c;
    }

    /** The same, which stays the next one. */
    int peek() throws IOException {
        peeked = next();
        hasPeeked = true;
        return peeked;
    }

    /** Where the characters since this was asked last come from. */
    Origin origin() {
        Origin since = origin;
        origin = Origin.DECODED;
        return since;
    }

    /** Characters up to the first bytes that mean nothing, or the replacement of those alone. */
    private void fill() throws IOException {
        chars.clear();
        if (undecoded > 0) {
            bytes.position(bytes.position() + undecoded);
            undecoded = 0;
            chars.put(REPLACEMENT).flip();
            origin = Origin.DOUBTFUL;
            return;
        }
        CoderResult result = decoder.decode(bytes, chars, isEnd);
        if (result.isUnderflow() && !isEnd) {
            read();
            result = decoder.decode(bytes, chars, isEnd);
        }
        if (result.isUnderflow() && isEnd) {
            decoder.flush(chars);
            isDone = true;
        }
        if (result.isError()) {
            undecoded = result.length();
        }
        chars.flip();
    }

    private void read() throws IOException {
        bytes.compact();
        int read = stream.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read > 0) {
            bytes.position(bytes.position() + read);
        }
        isEnd = read < 0;
        bytes.flip();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
