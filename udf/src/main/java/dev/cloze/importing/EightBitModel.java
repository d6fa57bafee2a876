package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import dev.cloze.batch.Batch;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.graph.EightBitGraph;
import dev.cloze.importing.graph.OnnxFile;
import dev.cloze.importing.graph.PlainModel;
import dev.cloze.importing.graph.WeightFile;
import dev.cloze.importing.graph.WithoutKvCache;
import dev.cloze.importing.source.Subject;
import dev.cloze.mask.Variant;
import dev.cloze.model.ModelPrecision;
import dev.cloze.text.Document;
import dev.cloze.text.SubwordTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A bundle of a model in 8 bits, made from the bundle of the same model in 32 bits, which stays as it is. */
public final class EightBitModel {
    private static final String FULL_PRECISION = ModelPrecision.FP32.label();
    private static final String WEIGHTS = Bundle.MODEL + "_int8";
    private static final String ORIGINAL = "original";
    /** Tokens of a text that are looked at. */
    private static final int LONGEST = 128;

    private final Bundle base;
    private final Subject subject;
    private final String logits;

    private EightBitModel(Bundle base, Subject subject) {
        this.base = base;
        this.subject = subject;
        this.logits = PlainModel.logits(base.file(Bundle.MODEL));
    }

    /**
     * Writes the bundle {@code name} into {@code target}, an existing directory.
     *
     * @param base the model in 32 bits
     * @param sample texts such as those that will be scored
     */
    public static Bundle write(Bundle base, CalibrationSample sample, String name, Path target) {
        Subject subject = new Subject("compute model " + base.manifest().name() + " in 8 bits");
        if (!base.manifest().precision().equals(FULL_PRECISION)) {
            throw subject.refuse(
                    "its precision is " + base.manifest().precision(),
                    "use a model of precision " + FULL_PRECISION + ", or leave --precision out");
        }
        if (sample.texts().size() < CalibrationSample.LEAST) {
            throw subject.refuse(
                    "it is calibrated on at least " + CalibrationSample.LEAST + " texts, there are "
                            + sample.texts().size(),
                    "name a file of texts, one a line, with --calibration");
        }
        try {
            return new EightBitModel(base, subject).write(sample, name, target);
        } catch (IOException e) {
            throw ClozeException.resources(
                    "write a model into " + target, String.valueOf(e.getMessage()), "make room there", e);
        }
    }

    private Bundle write(CalibrationSample sample, String name, Path target) throws IOException {
        for (String file : List.of(Bundle.TOKENIZER, Bundle.CONFIG)) {
            Files.copy(base.file(file), target.resolve(file));
        }
        Path original = copyOfWeights(target);
        OnnxMl.ModelProto plain =
                WithoutKvCache.rewrite(OnnxFile.withoutWeights(original.resolve(Bundle.MODEL)), logits);
        try (WeightFile weights = WeightFile.create(target.resolve(WEIGHTS))) {
            OnnxMl.ModelProto model = new EightBitGraph(plain, original, logits, subject).write(rows(sample), weights);
            Files.write(target.resolve(Bundle.MODEL), model.toByteArray());
        }
        Directories.delete(original);
        Manifest.Calibration calibration = new Manifest.Calibration(
                base.manifest().name(), base.digest(), sample.texts().size(), sample.digest());
        Manifest described = base.manifest().calibrated(name, ModelPrecision.INT8.label(), calibration);
        return BundleWriter.seal(target, described, PlainModel.of(target, logits));
    }

    /** ONNX Runtime reads weights beside a graph only, and nothing may be written into the original's directory. */
    private Path copyOfWeights(Path target) throws IOException {
        Path copy = Files.createDirectory(target.resolve(ORIGINAL));
        for (String file : base.manifest().files().keySet()) {
            if (!file.equals(Bundle.SCORING) && !file.equals(Bundle.FEATURES)) {
                Files.copy(base.file(file), copy.resolve(file));
            }
        }
        return copy;
    }

    private List<Batch> rows(CalibrationSample sample) {
        int longest = Math.min(LONGEST, base.manifest().positionLimit());
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(base.file(Bundle.TOKENIZER))) {
            return sample.texts().stream()
                    .map(text -> tokenizer.encode(Document.of("", text)))
                    .filter(text -> text.length() > 0)
                    .map(text -> row(text.ids(), text.typeIds(), Math.min(longest, text.length())))
                    .toList();
        }
    }

    private static Batch row(long[] ids, long[] types, int length) {
        Variant variant = new Variant(
                Arrays.copyOf(ids, length), Arrays.copyOf(types, length), new int[] {0}, 0, new long[][] {{}});
        return Batch.of(List.of(variant), 0);
    }
}
