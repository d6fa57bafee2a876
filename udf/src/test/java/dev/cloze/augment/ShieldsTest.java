package dev.cloze.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShieldsTest {
    @Test
    void aWordIsTouchedWhenOneStretchOverlapsIt() {
        Random random = new Random(7);
        for (int trial = 0; trial < 2000; trial++) {
            List<Span> spans = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                int start = random.nextInt(20);
                spans.add(new Span(start, start + random.nextInt(6)));
            }
            Shields shields = Shields.of(spans);
            int from = random.nextInt(20);
            int to = from + 1 + random.nextInt(6);

            boolean expected = spans.stream().anyMatch(span -> span.start() < to && from < span.end());
            assertThat(shields.touch(from, to)).as("%s %d-%d", spans, from, to).isEqualTo(expected);
        }
    }
}
