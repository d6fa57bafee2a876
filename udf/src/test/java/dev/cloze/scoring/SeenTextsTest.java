package dev.cloze.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.text.Document;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeenTextsTest {
    private final SeenTexts<Integer> seen = new SeenTexts<>();

    @Test
    void aTextThatComesAgainAndAgainStaysAndOthersMakeRoom() {
        seen.keep(text("again"), -1);
        for (int i = 0; i < 10_000; i++) {
            seen.keep(text("text " + i), i);
            assertThat(seen.find(text("again"))).hasValue(-1);
        }

        assertThat(seen.find(text("text 9999"))).hasValue(9999);
        assertThat(seen.find(text("text 0"))).isEmpty();
        assertThat(IntStream.range(0, 10_000).filter(i -> seen.find(text("text " + i)).isPresent()))
                .hasSizeLessThanOrEqualTo(4096);
    }

    @Test
    void longTextsAreNotKeptAndManyCharactersDriveOthersOut() {
        seen.keep(text("short"), 0);
        seen.keep(text("x".repeat(5000)), 1);
        assertThat(seen.find(text("x".repeat(5000)))).isEmpty();

        IntStream.range(0, 17).forEach(i -> seen.keep(text(i + "y".repeat(4000)), i));
        assertThat(seen.find(text("short"))).isEmpty();
        assertThat(seen.find(text(16 + "y".repeat(4000)))).hasValue(16);
    }

    private static Document text(String text) {
        return Document.of("", text);
    }
}
