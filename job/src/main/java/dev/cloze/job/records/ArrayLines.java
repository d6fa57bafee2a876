package dev.cloze.job.records;

import dev.cloze.job.records.TextRecord.Origin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lines of JSON; the elements of one that is an array stand for it. */
final class ArrayLines implements RecordSource {
    private final RecordSource lines;
    private RecordSource elements;
    /** Of the line whose elements these are. */
    private Origin origin;

    ArrayLines(RecordSource lines) {
        this.lines = lines;
    }

    @Override
    public TextRecord next() throws IOException {
        TextRecord element = elements == null ? null : element();
        if (element != null) {
            return element;
        }
        elements = null;
        TextRecord line = lines.next();
        if (line == null
                || line.problem() != null
                || !line.fields()[0].stripLeading().startsWith("[{")) {
            return line;
        }
        byte[] bytes = line.fields()[0].getBytes(StandardCharsets.UTF_8);
        origin = line.origin();
        elements = new JsonValues(new Characters(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
        return next();
    }

    /** A line that is cut off is a row that cannot be read: the lines below it can. */
    private TextRecord element() {
        try {
            TextRecord element = elements.next();
            return element == null ? null : new TextRecord(element.fields(), element.problem(), origin);
        } catch (IOException e) {
            elements = null;
            return TextRecord.failed(e.getMessage(), origin);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
