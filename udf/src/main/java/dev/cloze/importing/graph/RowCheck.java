package dev.cloze.importing.graph;

import dev.cloze.batch.Batch;
import dev.cloze.bundle.Manifest.Padding;
import dev.cloze.mask.Variant;
import dev.cloze.model.OnnxNetwork;
import dev.cloze.model.Prediction;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Measures with a scoring graph what only running it tells: whether rows of a batch change each other's numbers, and how many tokens fit. */
public final class RowCheck {
    private static final int[] LENGTHS = {11, 5, 8, 8};
    private static final int CANDIDATES = 7;
    private static final int SHORTEST = 3;
    /** A longer row takes too much time and memory to be tried. */
    private static final int LONGEST = 1024;

    private static final long SEED = 20240229;

    private final OnnxNetwork network;
    private final int vocabularySize;
    private final long padId;
    private final Random random = new Random(SEED);

    /**
     * A check of one graph.
     *
     * @param padId fills the shorter rows, and is not in any
     */
    public RowCheck(OnnxNetwork network, int vocabularySize, long padId) {
        this.network = network;
        this.vocabularySize = vocabularySize;
        this.padId = padId;
    }

    /**
     * What rows do to each other; empty when nothing.
     *
     * @param positionLimit tokens that fit
     * @param tolerance largest difference of a log-probability that is rounding, in nats
     */
    public Optional<Padding> padding(int positionLimit, double tolerance) {
        List<Variant> rows = IntStream.of(LENGTHS)
                .mapToObj(length -> row(Math.min(length, positionLimit)))
                .toList();
        if (difference(rows) <= tolerance) {
            return Optional.empty();
        }
        return Optional.of(
                difference(rows.subList(2, LENGTHS.length)) <= tolerance ? Padding.SENSITIVE : Padding.ALONE);
    }

    /** Between rows alone and together. */
    private double difference(List<Variant> rows) {
        List<Prediction> together = network.predict(Batch.of(rows, padId));
        double most = 0;
        for (int r = 0; r < rows.size(); r++) {
            float[] alone = network.predict(Batch.of(List.of(rows.get(r)), padId))
                    .get(0)
                    .candidateLogProbabilities();
            for (int c = 0; c < CANDIDATES; c++) {
                most = Math.max(most, Math.abs(alone[c] - together.get(r).candidateLogProbabilities()[c]));
            }
        }
        return most;
    }

    /** How many of {@code said} tokens fit in a row. */
    public int positions(int said) {
        if (said > LONGEST || fits(said)) {
            return said;
        }
        int fitting = SHORTEST;
        int tooMany = said;
        while (tooMany - fitting > 1) {
            int middle = (fitting + tooMany) / 2;
            if (fits(middle)) {
                fitting = middle;
            } else {
                tooMany = middle;
            }
        }
        return fitting;
    }

    private boolean fits(int length) {
        try {
            network.predict(Batch.of(List.of(row(length)), padId));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private Variant row(int length) {
        long[] ids = words().limit(length).toArray();
        long[][] candidates = {words().limit(CANDIDATES).toArray()};
        return new Variant(ids, new long[length], new int[] {length / 2}, 1, candidates);
    }

    private LongStream words() {
        return random.longs(0, vocabularySize).filter(id -> id != padId);
    }
}
