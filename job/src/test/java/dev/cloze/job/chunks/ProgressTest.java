package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void whatIsLeftTakesAsLongAsWhatIsDone() {
        assertThat(Progress.line(80, 0, 20)).isEqualTo("0 of 80 chunks scored");
        assertThat(Progress.line(80, 60, 90)).isEqualTo("60 of 80 chunks scored, about 30 s left");
        assertThat(Progress.line(80, 20, 80)).isEqualTo("20 of 80 chunks scored, about 4 min left");
    }
}
