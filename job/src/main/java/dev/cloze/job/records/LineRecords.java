package dev.cloze.job.records;

import java.io.IOException;

/** Lines; they end with LF, CR or both, and the last one may end with the file. */
final class LineRecords implements RecordSource {
    private final Characters characters;

    LineRecords(Characters characters) {
        this.characters = characters;
    }

    @Override
    public TextRecord next() throws IOException {
        if (characters.peek() == Characters.END) {
            return null;
        }
        StringBuilder line = new StringBuilder();
        boolean isTooLong = false;
        for (int c = characters.next(); c != '\n' && c != Characters.END; c = characters.next()) {
            if (c == '\r') {
                if (characters.peek() == '\n') {
                    characters.next();
                }
                break;
            }
            isTooLong |= line.length() == TextRecord.LONGEST;
            if (!isTooLong) {
                line.append((char) c);
            }
        }
        TextRecord.Origin origin = characters.origin();
        return isTooLong ? TextRecord.tooLong(origin) : TextRecord.of(line.toString(), origin);
    }

    @Override
    public void close() throws IOException {
        characters.close();
    }
}
