package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.importing.graph.FeaturesGraph;
import dev.cloze.importing.graph.PlainModel;
import dev.cloze.importing.graph.Precision;
import dev.cloze.importing.graph.RowCheck;
import dev.cloze.importing.graph.ScoringCheck;
import dev.cloze.importing.graph.ScoringGraph;
import dev.cloze.model.OnnxNetwork;
import dev.cloze.onnx.Device;
import dev.cloze.text.SubwordTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The last step of every import: the scoring graph is made from the plain one and proven equal, the features graph is made where
 * that can be done, and the bundle is sealed.
 */
final class BundleWriter {
    /** Rounding between two orders of summation, in nats. */
    private static final double TOLERANCE = 1e-4;

    /** The same where some of the numbers have 16 or 8 bits: what is rounded up once and down the next time is a step of them. */
    private static final double TOLERANCE_OF_FEW_BITS = 2e-2;

    private BundleWriter() {}

    /**
     * Seals {@code target}, in which lie {@code model.onnx}, {@code tokenizer.json} and {@code config.json}.
     *
     * @param described the manifest without its list of files
     * @param plain the model in {@code target}
     */
    static Bundle seal(Path target, Manifest described, PlainModel plain) {
        double tolerance = isCoarse(described, plain) ? TOLERANCE_OF_FEW_BITS : TOLERANCE;
        long padId = padId(target, described);
        new ScoringCheck(plain, described, padId, tolerance)
                .writeFirstEqual(
                        new ScoringGraph(plain.graph(), plain.logits()).candidates(), target.resolve(Bundle.SCORING));
        new FeaturesGraph(plain.graph(), plain.logits()).write().ifPresent(graph -> write(graph, target));
        plain.tidy();
        Manifest measured = measured(target, described, padId, tolerance);
        return Bundle.seal(target, measured.withFiles(Bundle.listing(target)));
    }

    private static boolean isCoarse(Manifest described, PlainModel plain) {
        return described.calibration() != null || Precision.hasHalves(plain.graph());
    }

    /** With what only running the scoring graph tells. */
    private static Manifest measured(Path target, Manifest described, long padId, double tolerance) {
        try (OnnxNetwork scoring = OnnxNetwork.open(target.resolve(Bundle.SCORING), Device.cpu())) {
            RowCheck check = new RowCheck(scoring, described.vocabularySize(), padId);
            int positions = check.positions(described.positionLimit());
            return described.measured(
                    positions, check.padding(positions, tolerance).orElse(null));
        }
    }

    private static void write(OnnxMl.ModelProto graph, Path target) {
        try {
            Files.write(target.resolve(Bundle.FEATURES), graph.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long padId(Path target, Manifest described) {
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(target.resolve(Bundle.TOKENIZER))) {
            return tokenizer.vocabulary().id(described.padToken()).orElseThrow();
        }
    }
}
