package dev.cloze.job.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.job.records.TextRecord.Origin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arrays of JSON, as files and as lines: each element is a record. */
class JsonArraysTest {
    private static final String CUT = "[{\"text\":\"a\"},{\"text\":\"b\"},";

    @Test
    void aFileThatEndsWithinItsArrayIsNotTakenForAWholeOne() throws IOException {
        JsonValues values = new JsonValues(
                new Characters(new ByteArrayInputStream(CUT.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));

        assertThat(values.next().fields()).containsExactly("{\"text\":\"a\"}");
        assertThat(values.next().fields()).containsExactly("{\"text\":\"b\"}");
        assertThatThrownBy(values::next)
                .isInstanceOf(IOException.class)
                .hasMessage("the array is cut off: it has no ]");
    }

    @Test
    void aLineThatEndsWithinItsArrayIsARowThatCannotBeRead() throws IOException {
        ArrayLines lines = lines(TextRecord.of(CUT, Origin.DECODED), TextRecord.of("{}", Origin.DECODED));

        lines.next();
        lines.next();
        assertThat(lines.next().problem()).isEqualTo("Cannot read this row: the array is cut off: it has no ]");
        assertThat(lines.next().fields()).containsExactly("{}");
        assertThat(lines.next()).isNull();
    }

    @Test
    void elementsOfALineWithUndecodableCharactersAreDoubtful() throws IOException {
        ArrayLines lines = lines(
                TextRecord.of("[{\"text\":\"caf\uFFFD\"}]", Origin.DOUBTFUL),
                TextRecord.of("[{\"text\":\"a\"}]", Origin.DECODED));

        assertThat(lines.next().origin()).isEqualTo(Origin.DOUBTFUL);
        assertThat(lines.next().origin()).isEqualTo(Origin.DECODED);
    }

    private static ArrayLines lines(TextRecord... records) {
        Iterator<TextRecord> all = List.of(records).iterator();
        return new ArrayLines(new RecordSource() {
            @Override
            public TextRecord next() {
                return all.hasNext() ? all.next() : null;
            }

            @Override
            public void close() {}
        });
    }
}
