package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import dev.cloze.batch.Batch;
import dev.cloze.bundle.Bundle;
import dev.cloze.mask.Variant;
import dev.cloze.model.ScoringSignature;
import dev.cloze.onnx.OnnxSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A language model before anything is saved: ids in, all logits out. What the rewritten graphs are made from and held against.
 *
 * @param graph without its weights, reading tokens only
 * @param file where the graph lies, beside its weights
 * @param logits the output that is {@code [batch, sequence, vocabulary]}
 */
public record PlainModel(OnnxMl.ModelProto graph, Path file, String logits) {
    static final String READING_TEXTS = "reading-texts.onnx";
    private static final String LOGITS = "logits";
    /** Tokens of the text that tells whether a token sees its right side. */
    private static final int LENGTH = 8;

    /** The model in {@code target}'s {@code model.onnx}. */
    public static PlainModel of(Path target, String logits) {
        Path file = target.resolve(Bundle.MODEL);
        OnnxMl.ModelProto exported = OnnxFile.withoutWeights(file);
        OnnxMl.ModelProto graph = WithoutKvCache.rewrite(exported, logits);
        if (graph == exported) {
            return new PlainModel(graph, file, logits);
        }
        Path rewritten = target.resolve(READING_TEXTS);
        try {
            Files.write(rewritten, graph.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PlainModel(graph, rewritten, logits);
    }

    /** The output of the ONNX graph in {@code file} that is the logits of a language model. */
    public static String logits(Path file) {
        List<String> outputs = OnnxFile.withoutWeights(file).getGraph().getOutputList().stream()
                .map(OnnxMl.ValueInfoProto::getName)
                .toList();
        return outputs.contains(LOGITS) ? LOGITS : outputs.get(0);
    }

    /** Deletes what only the import needed. */
    public void tidy() {
        try {
            Files.deleteIfExists(file.resolveSibling(READING_TEXTS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a text and the same text with another last token are answered with.
     *
     * @param columns of the logits
     * @param areNumbers whether none is NaN or larger than any number
     * @param areCausal whether tokens see their left side only: the logits of all tokens but the last are the same
     */
    public record Answers(int columns, boolean areNumbers, boolean areCausal) {}

    /** Asks the model for two texts that fit in {@code positionLimit} tokens. */
    public Answers answers(int vocabularySize, int positionLimit) {
        int length = Math.min(LENGTH, positionLimit);
        long[] ids = new long[length];
        for (int i = 0; i < length; i++) {
            ids[i] = (i * 37L + 11) % vocabularySize;
        }
        long[] other = ids.clone();
        other[length - 1] = (ids[length - 1] + vocabularySize / 2) % vocabularySize;
        List<float[]> both = logits(List.of(row(ids), row(other)));
        float[] first = both.get(0);
        float[] second = both.get(1);
        int before = first.length / length * (length - 1);
        return new Answers(
                first.length / length,
                areNumbers(first) && areNumbers(second),
                Arrays.equals(first, 0, before, second, 0, before));
    }

    private static boolean areNumbers(float[] values) {
        for (float value : values) {
            if (Float.isNaN(value) || value == Float.POSITIVE_INFINITY) {
                return false;
            }
        }
        return true;
    }

    private static Batch row(long[] ids) {
        return Batch.of(List.of(new Variant(ids, new long[ids.length], new int[] {0}, 0, new long[][] {{}})), 0);
    }

    /** Of each of the batch's positions {@code [vocabulary]}, natural logarithm. */
    Map<Long, float[]> logProbabilities(Batch batch) {
        float[] all = logits(List.of(batch)).get(0);
        int columns = all.length / (batch.rows() * batch.width());
        Map<Long, float[]> rows = new HashMap<>();
        for (long position : batch.positions()) {
            rows.computeIfAbsent(position, p -> {
                float[] row = Arrays.copyOfRange(all, (int) p.longValue() * columns, (int) (p + 1) * columns);
                logSoftmax(row);
                return row;
            });
        }
        return rows;
    }

    /** Of each batch {@code [batch, sequence, vocabulary]}. */
    private List<float[]> logits(List<Batch> batches) {
        try (OnnxSession session = OnnxSession.open(file)) {
            return batches.stream().map(batch -> logits(session, batch)).toList();
        }
    }

    private float[] logits(OnnxSession session, Batch batch) {
        return session.run(inputs(session, batch), Set.of(logits), outputs -> outputs.floats(logits));
    }

    /** What {@code session}, a graph that reads tokens, is fed. */
    static Map<String, OnnxSession.Input> inputs(OnnxSession session, Batch batch) {
        Map<String, OnnxSession.Input> inputs = new HashMap<>(Map.of(
                ScoringSignature.INPUT_IDS, new OnnxSession.Input(batch.ids(), batch.rows(), batch.width()),
                ScoringSignature.ATTENTION_MASK, new OnnxSession.Input(batch.attention(), batch.rows(), batch.width()),
                ScoringSignature.TOKEN_TYPE_IDS, new OnnxSession.Input(batch.typeIds(), batch.rows(), batch.width())));
        inputs.keySet().retainAll(session.inputs().keySet());
        return inputs;
    }

    private static void logSoftmax(float[] row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float value : row) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (float value : row) {
            sum += Math.exp(value - largest);
        }
        double normaliser = largest + Math.log(sum);
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (row[i] - normaliser);
        }
    }
}
