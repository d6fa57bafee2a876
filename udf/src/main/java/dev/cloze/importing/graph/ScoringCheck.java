package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import dev.cloze.batch.Batch;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.mask.Variant;
import dev.cloze.model.OnnxNetwork;
import dev.cloze.model.Prediction;
import dev.cloze.onnx.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Finds the scoring graph that computes least and still predicts as the plain model does, by asking both. */
public final class ScoringCheck {
    /** Rows of different lengths, so that padding and row borders are part of the query. */
    private static final int[] LENGTHS = {11, 5, 8};
    /** Asked again and again, so that the head works in parts. */
    private static final int[] POSITIONS =
            IntStream.range(0, 100).map(i -> i / 25).toArray();

    private static final long SEED = 20190524;
    private static final int CANDIDATES = 7;

    private final PlainModel plain;
    private final Batch batch;
    private final double tolerance;

    /**
     * @param plain the model as it was exported
     * @param described the ids that are asked for, and how many at once
     * @param padId fills the shorter rows
     * @param tolerance largest difference of a log-probability that is rounding, in nats
     */
    public ScoringCheck(PlainModel plain, Manifest described, long padId, double tolerance) {
        this.plain = plain;
        this.batch = batch(described.vocabularySize(), described.positionLimit(), padId);
        this.tolerance = tolerance;
    }

    private static Batch batch(int vocabularySize, int positionLimit, long padId) {
        Random random = new Random(SEED);
        int[] positions = IntStream.of(POSITIONS)
                .map(position -> Math.min(position, positionLimit - 1))
                .toArray();
        List<Variant> variants = IntStream.of(LENGTHS)
                .map(length -> Math.min(length, positionLimit))
                .mapToObj(length -> new Variant(
                        random.longs(0, vocabularySize)
                                .filter(id -> id != padId)
                                .limit(length)
                                .toArray(),
                        new long[length],
                        positions,
                        1,
                        IntStream.of(positions)
                                .mapToObj(position -> random.longs(CANDIDATES, 0, vocabularySize)
                                        .toArray())
                                .toArray(long[][]::new)))
                .toList();
        return Batch.of(variants, padId);
    }

    /** Writes the first of {@code candidates} that predicts like the plain model to {@code target}. */
    public void writeFirstEqual(List<OnnxMl.ModelProto> candidates, Path target) {
        Map<Long, float[]> expected = plain.logProbabilities(batch);
        String last = "";
        for (OnnxMl.ModelProto candidate : candidates) {
            try {
                Files.write(target, candidate.toByteArray());
                double difference = difference(target, expected);
                if (difference < tolerance) {
                    return;
                }
                last = "log-probabilities differ by " + difference;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ClozeException | IllegalStateException e) {
                last = String.valueOf(e.getMessage());
            }
        }
        throw ClozeException.model(
                "make a scoring graph of " + plain.file(),
                "no rewriting answers like the model itself (" + last + ")",
                "export the model with dynamic batch and sequence axes and opset 13 or later");
    }

    private double difference(Path scoring, Map<Long, float[]> expected) {
        try (OnnxNetwork model = OnnxNetwork.open(scoring, Device.cpu())) {
            List<Prediction> predictions = model.predict(batch);
            double most = 0;
            for (int p = 0; p < predictions.size(); p++) {
                Prediction answer = predictions.get(p);
                float[] row = expected.get(batch.positions()[p]);
                float top = row[(int) answer.topIds()[0]];
                most = Math.max(most, Math.abs(top - answer.topLogProbabilities()[0]));
                for (int c = 0; c < CANDIDATES; c++) {
                    float wanted = row[(int) batch.candidates()[p * CANDIDATES + c]];
                    most = Math.max(most, Math.abs(wanted - answer.candidateLogProbabilities()[c]));
                }
            }
            return most;
        }
    }
}
