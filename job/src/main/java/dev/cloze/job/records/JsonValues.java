package dev.cloze.job.records;

import dev.cloze.job.records.TextRecord.Origin;
import java.io.IOException;

/**
 * Values of JSON that may have line ends in them: those of a file that holds one or several, or the elements of an array that is the
 * whole file.
 */
final class JsonValues implements RecordSource {
    private final Characters characters;
    private final StringBuilder value = new StringBuilder();
    private boolean isStarted;
    private boolean isArray;
    private long length;

    JsonValues(Characters characters) {
        this.characters = characters;
    }

    @Override
    public TextRecord next() throws IOException {
        int c = skip();
        if (!isStarted) {
            isStarted = true;
            if (c == '[') {
                isArray = true;
                characters.next();
                c = skip();
            }
        }
        while (isArray && (c == ',' || c == ']')) {
            isArray = c == ',';
            characters.next();
            c = skip();
        }
        if (c == Characters.END) {
            if (isArray) {
                throw new IOException("the array is cut off: it has no ]");
            }
            return null;
        }
        value.setLength(0);
        length = 0;
        readValue();
        Origin origin = characters.origin();
        return length > TextRecord.LONGEST ? TextRecord.tooLong(origin) : TextRecord.of(value.toString(), origin);
    }

    private void readValue() throws IOException {
        int depth = 0;
        boolean isDone = false;
        while (!isDone) {
            int c = characters.next();
            append(c);
            if (c == '"') {
                readString();
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
            int following = characters.peek();
            isDone = following == Characters.END || depth <= 0 && endsBefore(c, following);
        }
    }

    private boolean endsBefore(int c, int following) {
        return c == '}'
                || c == ']'
                || Character.isWhitespace(following)
                || isArray && (following == ',' || following == ']');
    }

    private void readString() throws IOException {
        int c = characters.peek();
        while (c != '"' && c != Characters.END) {
            append(characters.next());
            if (c == '\\' && characters.peek() != Characters.END) {
                append(characters.next());
            }
            c = characters.peek();
        }
        if (c == '"') {
            append(characters.next());
        }
    }

    private int skip() throws IOException {
        while (Character.isWhitespace(characters.peek())) {
            characters.next();
        }
        return characters.peek();
    }

    private void append(int c) {
        if (length++ < TextRecord.LONGEST) {
            value.append((char) c);
        }
    }

    @Override
    public void close() throws IOException {
        characters.close();
    }
}
