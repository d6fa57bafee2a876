package dev.cloze.job.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.records.TextRecord.Origin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CharactersTest {

    @Test
    void bytesThatMeanNothingBecomeWhatJavaMakesOfThem() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(1, 200)];
            random.nextBytes(bytes);
            String expected = new String(bytes, StandardCharsets.UTF_8);

            assertThat(all(bytes, StandardCharsets.UTF_8)).isEqualTo(expected);
        }
    }

    @Test
    void aLongFileIsDecodedAcrossItsBuffers() throws IOException {
        String text = "aé漢𝄞".repeat(100_000);

        assertThat(all(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(all(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16))
                .isEqualTo(text);
    }

    @Test
    void onlyTheRecordWithBytesThatMeanNothingIsDoubtful() throws IOException {
        byte[] bytes = "a\nb\u00e9\nc\n\uFFFD\n".getBytes(StandardCharsets.UTF_8);
        bytes[3] = 'x';
        LineRecords lines = new LineRecords(new Characters(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
        List<Origin> origins = new ArrayList<>();
        for (TextRecord line = lines.next(); line != null; line = lines.next()) {
            origins.add(line.origin());
        }

        assertThat(origins).containsExactly(Origin.DECODED, Origin.DOUBTFUL, Origin.DECODED, Origin.DECODED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "IBM1047"})
    void filesWhoseLineEndsAreNoBytesOfTheirOwnAreNotCut(String encoding) {
        assertThat(Encodings.keepsLines(Charset.forName(encoding))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "ISO-8859-1", "windows-1252", "GB18030", "Shift_JIS", "Big5", "EUC-KR", "KOI8-R"})
    void othersAre(String encoding) {
        assertThat(Encodings.keepsLines(Charset.forName(encoding))).isTrue();
    }

    private static String all(byte[] bytes, Charset charset) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Characters characters = new Characters(new ByteArrayInputStream(bytes), charset)) {
            for (int c = characters.next(); c != Characters.END; c = characters.next()) {
                all.append((char) c);
            }
        }
        return all.toString();
    }
}
