package dev.cloze.job.records;

import dev.cloze.job.records.TextRecord.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of CSV as RFC 4180 has them: a field in quotes may hold separators, line ends and quotes, which are doubled. What the RFC does
 * not allow is read as Python's csv module does: a quote within a field that does not begin with one stands for itself, and what
 * follows a closing quote belongs to the field. Empty lines are no rows. An empty field without quotes is null.
 */
final class CsvRecords implements RecordSource {
    private static final int MOST_FIELDS = 1_000_000;

    private final Characters characters;
    private final int separator;
    private final int quote;
    private final StringBuilder field = new StringBuilder();

    private List<String> fields;
    private long line = 1;
    private long length;

    /** @param quote none when it is {@link Characters#END} */
    CsvRecords(Characters characters, int separator, int quote) {
        this.characters = characters;
        this.separator = separator;
        this.quote = quote;
    }

    @Override
    public TextRecord next() throws IOException {
        while (atLineEnd(characters.peek())) {
            lineEnd(characters.next());
        }
        if (characters.peek() == Characters.END) {
            return null;
        }
        fields = new ArrayList<>();
        length = 0;
        boolean isLast = false;
        while (!isLast) {
            isLast = readField();
        }
        Origin origin = characters.origin();
        if (fields.size() > MOST_FIELDS) {
            return TextRecord.failed("it has more than " + MOST_FIELDS + " fields; check --format", origin);
        }
        return length > TextRecord.LONGEST
                ? TextRecord.tooLong(origin)
                : new TextRecord(fields.toArray(String[]::new), null, origin);
    }

    /** Whether the row ends with it. */
    private boolean readField() throws IOException {
        field.setLength(0);
        boolean isQuoted = quote != Characters.END && characters.peek() == quote;
        if (isQuoted) {
            characters.next();
            readQuoted();
        }
        int c = characters.next();
        while (c != separator && c != Characters.END && !atLineEnd(c)) {
            append(c);
            c = characters.next();
        }
        if (fields.size() <= MOST_FIELDS) {
            fields.add(field.isEmpty() && !isQuoted ? null : field.toString());
        }
        if (atLineEnd(c)) {
            lineEnd(c);
        }
        return c != separator;
    }

    /** Up to the closing quote. */
    private void readQuoted() throws IOException {
        long opened = line;
        while (true) {
            int c = characters.next();
            if (c == Characters.END) {
                throw new IOException("the quote that opens in line " + opened
                        + " is never closed, so that nobody can tell the rows after it");
            }
            if (c == quote) {
                if (characters.peek() != quote) {
                    return;
                }
                characters.next();
            }
            if (c == '\n' || c == '\r' && characters.peek() != '\n') {
                line++;
            }
            append(c);
        }
    }

    /** Keeps no more than a record may have. */
    private void append(int c) {
        if (length++ < TextRecord.LONGEST) {
            field.append((char) c);
        }
    }

    private static boolean atLineEnd(int c) {
        return c == '\n' || c == '\r';
    }

    private void lineEnd(int c) throws IOException {
        if (c == '\r' && characters.peek() == '\n') {
            characters.next();
        }
        line++;
    }

    @Override
    public void close() throws IOException {
        characters.close();
    }
}
