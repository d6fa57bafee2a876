package dev.cloze.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawTest {
    @Test
    void numbersAreThoseOfSha256() {
        // Python: d = hashlib.sha256("42/1/17/é".encode()).digest()
        // [(int.from_bytes(d[8*k:8*k+8], "big") >> 11) / 2**53 for k in range(4)]
        Draw draw = Draw.of(42, "é", 1, 17);

        assertThat(IntStream.range(0, 4).mapToDouble(draw::uniform))
                .containsExactly(0.8006981546047237, 0.4273487132585406, 0.313419443969151, 0.8339768287071939);
    }

    @Test
    void theyAreUniform() {
        double[] drawn = IntStream.range(0, 100_000)
                .mapToDouble(i -> Draw.of(1, "doc", 0, i).uniform(i % 4))
                .toArray();

        for (int tenth = 1; tenth < 10; tenth++) {
            double border = tenth / 10.0;
            double below = IntStream.range(0, drawn.length)
                    .filter(i -> drawn[i] < border)
                    .count();
            assertThat(below / drawn.length).isCloseTo(border, within(0.006));
        }
    }

    @Test
    void everyPartOfTheNameCounts() {
        assertThat(new double[] {
                    Draw.of(1, "a", 0, 0).uniform(0),
                    Draw.of(2, "a", 0, 0).uniform(0),
                    Draw.of(1, "b", 0, 0).uniform(0),
                    Draw.of(1, "a", 1, 0).uniform(0),
                    Draw.of(1, "a", 0, 1).uniform(0)
                })
                .doesNotHaveDuplicates();
    }
}
