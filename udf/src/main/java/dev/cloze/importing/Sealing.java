package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.text.SubwordTokenizer;
import java.nio.file.Path;

/** The last step of every import: the scoring graph is made from the plain one, proven equal, and the bundle is sealed. */
final class Sealing {
    /** Rounding between two orders of summation, in nats. */
    private static final double TOLERANCE = 1e-4;

    private static final double TOLERANCE_FP16 = 2e-2;

    private Sealing() {}

    /**
     * Seals {@code target}, in which lie {@code model.onnx}, {@code tokenizer.json} and {@code config.json}.
     *
     * @param described the manifest without its list of files
     * @param logits the output of the model that is {@code [batch, sequence, vocabulary]}
     */
    static Bundle seal(Path target, Manifest described, String logits) {
        Path plain = target.resolve(Bundle.MODEL);
        OnnxMl.ModelProto graph = OnnxFile.withoutWeights(plain);
        double tolerance = described.precision().equals("fp16") ? TOLERANCE_FP16 : TOLERANCE;
        new ScoringCheck(plain, logits, described.vocabularySize(), padId(target, described), tolerance)
                .writeFirstEqual(new ScoringGraph(graph, logits).candidates(), target.resolve(Bundle.SCORING));
        return Bundle.seal(
                target,
                new Manifest(
                        described.format(),
                        described.name(),
                        described.family(),
                        described.maskToken(),
                        described.padToken(),
                        described.positionLimit(),
                        described.vocabularySize(),
                        described.precision(),
                        described.cleanUp(),
                        Bundle.listing(target)));
    }

    private static long padId(Path target, Manifest described) {
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(target.resolve(Bundle.TOKENIZER))) {
            if (tokenizer.vocabulary().size() > described.vocabularySize()) {
                throw ClozeException.model(
                        "import model " + described.name(),
                        "the model has " + described.vocabularySize() + " words, its tokenizer "
                                + tokenizer.vocabulary().size(),
                        "use the tokenizer that the model was trained with");
            }
            return tokenizer
                    .vocabulary()
                    .id(described.padToken())
                    .orElseThrow(() -> ClozeException.model(
                            "import model " + described.name(),
                            "its tokenizer has no token " + described.padToken(),
                            "use the tokenizer that the model was trained with"));
        }
    }
}
