package dev.cloze.importing;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.importing.family.BertConfig;
import dev.cloze.importing.family.GoogleWeights;
import dev.cloze.importing.source.Subject;
import dev.cloze.importing.tokenizer.WordPieceTokenizer;
import dev.cloze.importing.weights.Weights;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A BERT of two small layers whose weights are a formula. {@code src/test/python/tiny_bert.py} builds the same network in
 * transformers and writes down what the Python pipeline answers.
 */
public final class TinyBert {
    public static final int POSITIONS = 64;

    private static final int HIDDEN = 32;
    private static final int INTERMEDIATE = 64;
    private static final int LAYERS = 2;
    private static final int HEADS = 2;
    private static final int TYPES = 2;

    private TinyBert() {}

    /** Writes the bundle into {@code parent/name}. */
    public static Bundle write(Path parent, String name) {
        try {
            Path target = Files.createDirectories(parent.resolve(name));
            List<String> vocabulary = vocabulary();
            BertConfig config =
                    new BertConfig(vocabulary.size(), HIDDEN, LAYERS, HEADS, INTERMEDIATE, POSITIONS, TYPES);
            return EasyBert.write(
                    new GoogleWeights(new Formula(config)),
                    config,
                    new WordPieceTokenizer(vocabulary, true, new Subject("import model " + name)),
                    name,
                    target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model, open; for tests of one process that never close it. */
    public static LanguageModel open() {
        return Holder.MODEL;
    }

    private static final class Holder {
        static final LanguageModel MODEL = openOnce();

        private static LanguageModel openOnce() {
            try {
                Path directory = Files.createTempDirectory("tiny-bert");
                LanguageModel model = LanguageModel.open(write(directory, "tiny"), Head.MASKED_LM);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(directory)));
                return model;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void deleteQuietly(Path directory) {
            try {
                Directories.delete(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<String> vocabulary() throws IOException {
        try (InputStream in = TinyBert.class.getResourceAsStream("/dev/cloze/tiny/vocab.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().collect(Collectors.toList());
        }
    }

    /** Every weight from the name of its tensor and its index: FNV-1a, then SplitMix64. */
    private static final class Formula implements Weights {
        private final TreeMap<String, long[]> shapes = new TreeMap<>();

        Formula(BertConfig config) {
            shapes.put("bert/embeddings/word_embeddings", new long[] {config.vocabularySize(), HIDDEN});
            shapes.put("bert/embeddings/position_embeddings", new long[] {POSITIONS, HIDDEN});
            shapes.put("bert/embeddings/token_type_embeddings", new long[] {TYPES, HIDDEN});
            norm("bert/embeddings/LayerNorm");
            for (int i = 0; i < LAYERS; i++) {
                String layer = "bert/encoder/layer_" + i + "/";
                for (String part : List.of("query", "key", "value")) {
                    dense(layer + "attention/self/" + part, HIDDEN, HIDDEN);
                }
                dense(layer + "attention/output/dense", HIDDEN, HIDDEN);
                norm(layer + "attention/output/LayerNorm");
                dense(layer + "intermediate/dense", HIDDEN, INTERMEDIATE);
                dense(layer + "output/dense", INTERMEDIATE, HIDDEN);
                norm(layer + "output/LayerNorm");
            }
            dense("cls/predictions/transform/dense", HIDDEN, HIDDEN);
            norm("cls/predictions/transform/LayerNorm");
            shapes.put("cls/predictions/output_bias", new long[] {config.vocabularySize()});
        }

        private void dense(String name, int in, int out) {
            shapes.put(name + "/kernel", new long[] {in, out});
            shapes.put(name + "/bias", new long[] {out});
        }

        private void norm(String name) {
            shapes.put(name + "/gamma", new long[] {HIDDEN});
            shapes.put(name + "/beta", new long[] {HIDDEN});
        }

        @Override
        public Set<String> names() {
            return new TreeSet<>(shapes.keySet());
        }

        @Override
        public Tensor tensor(String name) {
            long[] shape = shapes.get(name);
            int count = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
            ByteBuffer data = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            long seed = fnv1a(name);
            for (int i = 0; i < count; i++) {
                data.putFloat(scaled(name, splitMix(seed + (i + 1) * 0x9E3779B97F4A7C15L)));
            }
            return new Tensor(shape, data.flip());
        }

        private static float scaled(String name, long bits) {
            float unit = (bits >>> 40) / (float) (1 << 24);
            float value = 2 * unit - 1;
            if (name.endsWith("gamma")) {
                return 1 + 0.125f * value;
            }
            return name.endsWith("beta") || name.endsWith("bias") ? 0.25f * value : 0.5f * value;
        }

        private static long fnv1a(String name) {
            long hash = 0xcbf29ce484222325L;
            for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
            }
            return hash;
        }

        private static long splitMix(long seed) {
            long z = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }
    }
}
