package dev.cloze.stats.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SliceSumsTest {
    private record Document(long tokens, double nll) {}

    private static List<Document> documents() {
        Random random = new Random(5);
        return IntStream.range(0, 500)
                .mapToObj(i -> new Document(1 + random.nextInt(1_000), Math.exp(8 * random.nextGaussian())))
                .toList();
    }

    private static SliceSums sums(List<Document> documents) {
        SliceSums sums = new SliceSums();
        documents.forEach(document -> sums.add(document.tokens, document.nll));
        return sums;
    }

    @Test
    void theOrderOfTheDocumentsChangesNoDigit() {
        List<Document> documents = new ArrayList<>(documents());
        SliceState state = sums(documents).state();
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(documents, new Random(seed));
            SliceSums parts = sums(documents.subList(0, 100 + seed));
            parts.merge(sums(documents.subList(100 + seed, 500)));
            assertThat(parts.state()).isEqualTo(state);
        }
    }

    @Test
    void aSumIsThatOfPythonsFsum() {
        ExactSum sum = new ExactSum();
        for (double number : new double[] {1e100, 1.0, -1e100, 1e-100, 1e50, -1.0, -1e50}) {
            sum.add(number);
        }
        assertThat(sum.value()).isEqualTo(1e-100);
        ExactSum tenths = new ExactSum();
        IntStream.range(0, 10).forEach(i -> tenths.add(0.1));
        assertThat(tenths.value()).isEqualTo(1.0);
        // 1 + 2^-53 is half way between two doubles: what lies below decides.
        ExactSum half = new ExactSum();
        half.add(1);
        half.add(Math.scalb(1.0, -53));
        assertThat(half.value()).isEqualTo(1.0);
        half.add(Math.scalb(1.0, -120));
        assertThat(half.value()).isEqualTo(Math.nextUp(1.0));
    }

    @Test
    void rowsWithoutAScoreAreBadRows() {
        assertThat(SliceSums.isScore(1, 0)).isTrue();
        assertThat(SliceSums.isScore(0, 0)).isFalse();
        assertThat(SliceSums.isScore(3, -0.1)).isFalse();
        assertThat(SliceSums.isScore(3, Double.NaN)).isFalse();
        assertThat(SliceSums.isScore(3, Double.POSITIVE_INFINITY)).isFalse();
        SliceSums sums = sums(documents());
        sums.addBadRow();
        assertThat(sums.state().badRows()).isEqualTo(1);
        assertThat(sums.state().rows()).isEqualTo(501);
    }

    @Test
    void aMarkThatWasCountedAndNotFoundIsZero() {
        SliceSums sums = new SliceSums();
        sums.counting(Set.of("mojibake", "control"));
        sums.add(10, 20);
        sums.mark(Set.of("control"));
        assertThat(sums.state().marks())
                .containsEntry("mojibake", 0L)
                .containsEntry("control", 1L)
                .doesNotContainKey("markup");
    }

    @Test
    void aHistogramIsReadAsItWasWritten() {
        Histogram histogram = sums(documents()).state().histogram();
        assertThat(histogram.total()).isEqualTo(500);
        assertThat(Histogram.of(histogram.bytes())).isEqualTo(histogram);
        assertThat(Histogram.of(Histogram.EMPTY.bytes())).isEqualTo(Histogram.EMPTY);
        assertThatThrownBy(() -> Histogram.of(new byte[] {5})).hasMessage("its histogram has a number that is cut off");
        assertThatThrownBy(() -> Histogram.of(new byte[] {-1, -1, -1, 1, 1}))
                .hasMessage("its histogram has a bin that is too high");
    }

    @Test
    void binsAreTwentyThousandthsWideAndTheLastHasNoEnd() {
        assertThat(Histogram.bin(0.0199999)).isZero();
        assertThat(Histogram.bin(0.02)).isEqualTo(1);
        assertThat(Histogram.bin(2.2)).isEqualTo(110);
        assertThat(Histogram.bin(1e9)).isEqualTo(50_000);
    }

    @Test
    void aBorderIsTheFirstBinThatReachesTheShare() {
        Histogram histogram = Histogram.of(10, 1, 0, 8, 1);
        assertThat(histogram.border(1, 10)).isEqualTo(10);
        assertThat(histogram.border(9, 10)).isEqualTo(12);
        assertThat(histogram.border(99, 100)).isEqualTo(13);
        assertThat(histogram.above(12)).isEqualTo(1);
        assertThat(histogram.above(9)).isEqualTo(10);
        assertThat(histogram.above(13)).isZero();
    }
}
