package dev.cloze.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.batch.Batch;
import dev.cloze.bundle.Manifest.Padding;
import dev.cloze.mask.Variant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowsApartTest {
    private static final Batch BATCH = Batch.of(
            List.of(variant(new long[] {1, 2, 3}, 0, 2), variant(new long[] {4}, 0), variant(new long[] {5, 6, 7}, 1)),
            0);

    private final List<Batch> asked = new ArrayList<>();

    /** Answers every position with its id and its candidates. */
    private final class Echo implements Network {
        @Override
        public List<Prediction> predict(Batch batch) {
            asked.add(batch);
            return LongStream.range(0, batch.positions().length)
                    .mapToObj(p -> Prediction.ofWords(
                            new long[] {batch.ids()[(int) batch.positions()[(int) p]]},
                            new float[] {0},
                            new float[] {batch.candidates()[(int) p * batch.candidatesPerPosition()]}))
                    .toList();
        }

        @Override
        public void close() {}
    }

    @Test
    void onlyRowsOfOneLengthAreComputedTogether() {
        assertThat(ids(Padding.SENSITIVE)).containsExactly(1L, 3L, 4L, 6L);

        assertThat(asked).extracting(Batch::rows).containsExactly(1, 2);
        assertThat(asked).allSatisfy(batch -> assertThat(batch.attention()).containsOnly(1));
    }

    @Test
    void rowsThatChangeEachOtherAreComputedOneByOne() {
        assertThat(ids(Padding.ALONE)).containsExactly(1L, 3L, 4L, 6L);

        assertThat(asked).extracting(Batch::rows).containsExactly(1, 1, 1);
    }

    @Test
    void othersAreComputedAsTheyCome() {
        Network network = new Echo();

        assertThat(RowsApart.of(Optional.empty(), network)).isSameAs(network);
    }

    private List<Long> ids(Padding padding) {
        List<Prediction> predictions =
                RowsApart.of(Optional.of(padding), new Echo()).predict(BATCH);
        // Candidates are ten times the ids.
        assertThat(predictions)
                .allSatisfy(p -> assertThat(p.candidateLogProbabilities()[0]).isEqualTo(10 * p.topIds()[0]));
        return predictions.stream().map(p -> p.topIds()[0]).toList();
    }

    private static Variant variant(long[] ids, int... positions) {
        long[][] candidates = Arrays.stream(positions)
                .mapToObj(at -> new long[] {10 * ids[at]})
                .toArray(long[][]::new);
        return new Variant(ids, new long[ids.length], positions, 1, candidates);
    }
}
