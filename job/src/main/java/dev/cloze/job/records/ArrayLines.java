package dev.cloze.job.records;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lines of JSON; the elements of one that is an array stand for it. */
final class ArrayLines implements RecordSource {
    private final RecordSource lines;
    private RecordSource elements;

    ArrayLines(RecordSource lines) {
        this.lines = lines;
    }

    @Override
    public TextRecord next() throws IOException {
        TextRecord element = elements == null ? null : elements.next();
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
        elements = new JsonValues(new Characters(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
        return next();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
