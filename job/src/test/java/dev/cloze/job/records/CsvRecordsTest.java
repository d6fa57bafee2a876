package dev.cloze.job.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRecordsTest {

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "GB18030"})
    void everyFileHasTheRecordsOfPythonsCsvModule(String encoding) throws IOException {
        Charset charset = Charset.forName(encoding);
        int unclosed = 0;
        for (JsonNode file : files()) {
            String text = file.path("text").asText();
            int separator = file.path("separator").asText().charAt(0);
            if (file.path("records").isNull()) {
                unclosed++;
                assertThatThrownBy(() -> read(text, separator, charset))
                        .as(text)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("is never closed");
            } else {
                List<List<String>> expected = new ArrayList<>();
                file.path("records").forEach(record -> {
                    List<String> fields = new ArrayList<>();
                    record.forEach(field -> fields.add(field.asText()));
                    expected.add(fields);
                });
                assertThat(read(text, separator, charset)).as(text).isEqualTo(expected);
            }
        }
        assertThat(unclosed).isPositive();
    }

    @Test
    void theLineOfAQuoteThatIsNeverClosedIsTold() {
        assertThatThrownBy(() -> read("a,b\r\n\"1\n\",2\r3,\"4\n5,6\n", ',', StandardCharsets.UTF_8))
                .hasMessageStartingWith("the quote that opens in line 4 is never closed");
    }

    @Test
    void anEmptyFieldIsNullUnlessItStandsInQuotes() throws IOException {
        TextRecord record = source("x,,\"\"\n", ',', StandardCharsets.UTF_8).next();

        assertThat(record.fields()).containsExactly("x", null, "");
    }

    private static JsonNode files() throws IOException {
        try (InputStream in = CsvRecordsTest.class.getResourceAsStream("/dev/cloze/job/csv-records.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static List<List<String>> read(String text, int separator, Charset charset) throws IOException {
        List<List<String>> records = new ArrayList<>();
        try (RecordSource source = source(text, separator, charset)) {
            for (TextRecord record = source.next(); record != null; record = source.next()) {
                records.add(Arrays.stream(record.fields())
                        .map(field -> field == null ? "" : field)
                        .toList());
            }
        }
        return records;
    }

    private static CsvRecords source(String text, int separator, Charset charset) throws IOException {
        return new CsvRecords(
                new Characters(new ByteArrayInputStream(text.getBytes(charset)), charset), separator, '"');
    }
}
