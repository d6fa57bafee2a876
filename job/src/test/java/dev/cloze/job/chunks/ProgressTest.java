package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void whatIsLeftTakesAsLongAsWhatIsDone() {
        assertThat(line(4_000, 0, 0, 3)).isEqualTo("0 of 4,000 rows, 3 s");
        assertThat(line(4_000, 1_000, 38_000, 16))
                .isEqualTo("1,000 of 4,000 rows, 63 rows/s, 2,375 tokens/s, about 48 s left");
        assertThat(line(80, 20, 40_000, 80)).isEqualTo("20 of 80 rows, 0.3 rows/s, 500 tokens/s, about 4 min left");
        assertThat(line(100_000, 10_000, 90_000, 900))
                .isEqualTo("10,000 of 100,000 rows, 11 rows/s, 100 tokens/s, about 2 h 15 min left");
    }

    @Test
    void withoutAnEndItSaysHowLongItHasTaken() {
        assertThat(Progress.line(OptionalLong.empty(), 1, 0, 30)).isEqualTo("1 row, 30 s");
        assertThat(Progress.line(OptionalLong.empty(), 1_250, 10_000, 100))
                .isEqualTo("1,250 rows, 13 rows/s, 100 tokens/s, 2 min");
    }

    private static String line(long all, long done, long tokens, double seconds) {
        return Progress.line(OptionalLong.of(all), done, tokens, seconds);
    }
}
