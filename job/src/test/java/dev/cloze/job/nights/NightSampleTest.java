package dev.cloze.job.nights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.stats.night.SliceState;
import dev.cloze.stats.night.SliceSums;
import org.junit.jupiter.api.Test;

class NightSampleTest {
    /** A night on which one document of every {@code share} was scored. */
    private static SliceState night(int documents, int share) {
        SliceSums sums = new SliceSums();
        for (int i = 0; i < documents; i++) {
            if (i % share == 0) {
                sums.add(10, 20);
            } else {
                sums.addUnscored();
            }
        }
        return sums.state();
    }

    @Test
    void aSliceHasTheLargestShareThatIsNoMoreThanWanted() {
        assertThat(NightSample.zeros(50, 50, SliceState.EMPTY)).isZero();
        assertThat(NightSample.zeros(51, 50, SliceState.EMPTY)).isEqualTo(1);
        assertThat(NightSample.zeros(1_000_000, 5_000, SliceState.EMPTY)).isEqualTo(8);
    }

    @Test
    void aSliceKeepsItsShareUntilTwiceOrHalfAsManyWouldBeRead() {
        SliceState last = night(160, 4);
        assertThat(NightSample.zeros(160, 50, last)).isEqualTo(2);
        assertThat(NightSample.zeros(390, 50, last)).isEqualTo(2);
        assertThat(NightSample.zeros(410, 50, last)).isEqualTo(4);
        assertThat(NightSample.zeros(110, 50, last)).isEqualTo(2);
        assertThat(NightSample.zeros(90, 50, last)).isEqualTo(1);
    }

    @Test
    void aSliceThatIsReadCompletelyStaysSoWhileItIsSmall() {
        assertThat(NightSample.zeros(10, 50, night(20, 1))).isZero();
        assertThat(NightSample.zeros(99, 50, night(20, 1))).isZero();
    }
}
