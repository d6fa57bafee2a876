package dev.cloze.model;

import static dev.cloze.model.ScoringSignature.ATTENTION_MASK;
import static dev.cloze.model.ScoringSignature.CANDIDATES;
import static dev.cloze.model.ScoringSignature.CANDIDATE_LOG_PROBABILITIES;
import static dev.cloze.model.ScoringSignature.FEATURES;
import static dev.cloze.model.ScoringSignature.INPUT_IDS;
import static dev.cloze.model.ScoringSignature.POSITIONS;
import static dev.cloze.model.ScoringSignature.TOKEN_TYPE_IDS;
import static dev.cloze.model.ScoringSignature.TOP_IDS;
import static dev.cloze.model.ScoringSignature.TOP_K;
import static dev.cloze.model.ScoringSignature.TOP_LOG_PROBABILITIES;

import dev.cloze.batch.Batch;
import dev.cloze.onnx.Device;
import dev.cloze.onnx.OnnxSession;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A scoring or features graph in ONNX Runtime. The [batch, sequence, vocabulary] logits never leave the graph. */
public final class OnnxNetwork implements Network {
    private final OnnxSession session;

    private OnnxNetwork(OnnxSession session) {
        this.session = session;
    }

    /** Opens {@code scoring.onnx} or {@code features.onnx}; its outputs tell which. */
    public static OnnxNetwork open(Path graph, Device device) {
        return new OnnxNetwork(OnnxSession.open(graph, device));
    }

    @Override
    public List<Prediction> predict(Batch batch) {
        Set<String> wanted = session.outputs().keySet();
        return session.run(
                inputs(batch),
                wanted,
                outputs -> wanted.contains(FEATURES) ? readFeatures(batch, outputs) : readWords(batch, outputs));
    }

    private Map<String, OnnxSession.Input> inputs(Batch batch) {
        int positions = batch.positions().length;
        Map<String, OnnxSession.Input> all = new HashMap<>(Map.of(
                INPUT_IDS, new OnnxSession.Input(batch.ids(), batch.rows(), batch.width()),
                ATTENTION_MASK, new OnnxSession.Input(batch.attention(), batch.rows(), batch.width()),
                TOKEN_TYPE_IDS, new OnnxSession.Input(batch.typeIds(), batch.rows(), batch.width()),
                POSITIONS, new OnnxSession.Input(batch.positions(), 1, positions),
                TOP_K, new OnnxSession.Input(new long[] {Math.max(1, batch.topK())}, 1),
                CANDIDATES, new OnnxSession.Input(batch.candidates(), 1, positions, batch.candidatesPerPosition())));
        // A graph without token types must not be fed any; the graph's own inputs decide.
        all.keySet().retainAll(session.inputs().keySet());
        return all;
    }

    private static List<Prediction> readWords(Batch batch, OnnxSession.Outputs outputs) {
        float[] top = outputs.floats(TOP_LOG_PROBABILITIES);
        long[] ids = outputs.longs(TOP_IDS);
        float[] candidates = outputs.floats(CANDIDATE_LOG_PROBABILITIES);
        requireNumbers(top);
        requireNumbers(candidates);
        int positions = batch.positions().length;
        int found = top.length / positions;
        int asked = batch.candidatesPerPosition();
        return IntStream.range(0, positions)
                .mapToObj(p -> Prediction.ofWords(
                        Arrays.copyOfRange(ids, p * found, p * found + batch.topK()),
                        Arrays.copyOfRange(top, p * found, p * found + batch.topK()),
                        Arrays.copyOfRange(candidates, p * asked, (p + 1) * asked)))
                .toList();
    }

    private static List<Prediction> readFeatures(Batch batch, OnnxSession.Outputs outputs) {
        float[] features = outputs.floats(FEATURES);
        requireNumbers(features);
        int positions = batch.positions().length;
        int width = features.length / positions;
        return IntStream.range(0, positions)
                .mapToObj(p -> Prediction.ofFeatures(Arrays.copyOfRange(features, p * width, (p + 1) * width)))
                .toList();
    }

    private static void requireNumbers(float[] values) {
        for (float value : values) {
            if (Float.isNaN(value)) {
                throw new IllegalStateException("the model answered with NaN");
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
