package dev.cloze.stats.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.marks.LongLines;
import dev.cloze.marks.TextHash;
import dev.cloze.stats.judge.CountRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lines that documents of a night have in common. */
class LineCountsTest {
    private static final String FOOTER = "Sponsored by Example Hosting: unlimited space from 4.95 a month.";

    private static LineCounts counts(List<String> texts) {
        return state(texts).lines();
    }

    private static SliceState state(List<String> texts) {
        SliceSums sums = new SliceSums();
        texts.forEach(text -> add(sums, text));
        return sums.state();
    }

    private static void add(SliceSums sums, String text) {
        sums.add(10, 20);
        sums.lines(TextHash.of(text), () -> LongLines.of(text));
    }

    private static List<String> night(int number, int documents, int footers) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < documents; i++) {
            texts.add("Letter " + number + " of the " + i + "th reader of our paper, as it was sent to us\n"
                    + (i < footers ? FOOTER : "short"));
        }
        return texts;
    }

    @Test
    void theMostFrequentNewLineIsCounted() {
        List<SliceState> before = List.of(state(night(1, 20, 0)), state(night(2, 20, 0)));
        SliceState tonight = state(night(3, 20, 7));
        assertThat(CountRule.newLine(before, tonight)).isEqualTo(Optional.of(LongLines.of(FOOTER)[0]));
        assertThat(tonight.lines().counts()).containsEntry(LongLines.of(FOOTER)[0], 7L);
        assertThat(tonight.lines().documents()).isEqualTo(20);
        assertThat(CountRule.newLine(List.of(state(night(1, 20, 3))), tonight))
                .as("an earlier night had it, too")
                .isEmpty();
    }

    @Test
    void shortLinesDoNotCountAndDigitsAndCaseDoNotMatter() {
        assertThat(LongLines.of("a short line\n" + FOOTER + "\n  " + FOOTER.toUpperCase(java.util.Locale.ROOT)))
                .containsExactly(LongLines.of(FOOTER.replace('4', '7'))[0]);
        assertThat(LongLines.of("x".repeat(39))).isEmpty();
        assertThat(LongLines.of("x".repeat(40))).hasSize(1);
    }

    @Test
    void theSampleDependsOnNoOrderAndOnNoParts() {
        List<String> texts = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 6_000; i++) {
            texts.add("This is the text number " + Integer.toString(i * 7_919, 36) + " of many that nobody reads\n"
                    + "and it has the line of group " + "abcdefghij".charAt(random.nextInt(10)) + " as a second one");
        }
        texts.addAll(texts.subList(0, 500));
        LineCounts counts = counts(texts);
        assertThat(counts.documents()).isBetween(500L, 600L);
        Collections.shuffle(texts, random);
        SliceSums sums = new SliceSums();
        for (int part = 0; part < 5; part++) {
            SliceSums some = new SliceSums();
            texts.subList(part * 1_300, (part + 1) * 1_300).forEach(text -> add(some, text));
            sums.merge(some);
        }
        assertThat(sums.state().lines()).isEqualTo(counts);
        assertThat(LineCounts.of(counts.bytes())).isEqualTo(counts);
    }

    @Test
    void aThousandLinesAreKeptAtMost() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            StringBuilder text = new StringBuilder(i + "\n");
            for (int line = 0; line < 400; line++) {
                text.append("a line of the table in column ")
                        .append(Integer.toString(line + 36_000 * (i / 2), 36).replaceAll("[0-9]", "z"))
                        .append(" xxxxxxxxxxxxxxxxxxxxxxx")
                        .append((char) ('a' + i / 2))
                        .append('\n');
            }
            texts.add(text.toString());
        }
        LineCounts counts = counts(texts);
        assertThat(counts.counts()).hasSizeLessThanOrEqualTo(1_000);
        assertThat(LineCounts.of(counts.bytes())).isEqualTo(counts);
        byte[] half = java.util.Arrays.copyOf(counts.bytes(), 1);
        assertThat(LineCounts.of(half).counts()).isEmpty();
        assertThatThrownBy(() -> LineCounts.of(new byte[] {(byte) 0x80})).hasMessageContaining("cut off");
    }
}
