package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.bundle.Bundle;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.FillMask;
import dev.cloze.scoring.FilledMask;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Targets;
import dev.cloze.text.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EightBitModelTest {
    private static final List<String> TEXTS = List.of(
            "[MASK].",
            "The capital of France is [MASK].",
            "My name is Anna and she lives in a [MASK] of 300 people, and works in the city.",
            "Paris [MASK].");
    private static final CalibrationSample SAMPLE = sample("the capital of france is paris and ", 40);

    @TempDir
    Path directory;

    private static CalibrationSample sample(String text, int count) {
        return new CalibrationSample(IntStream.range(0, count)
                .mapToObj(i -> text.repeat(1 + i % 3) + i)
                .toList());
    }

    @Test
    void theSameSampleGivesTheSameBytes() throws Exception {
        Bundle base = TinyBert.write(directory, "tiny");
        Bundle first = EightBitModel.write(base, SAMPLE, "tiny-int8", Files.createDirectory(directory.resolve("a")));
        Bundle second = EightBitModel.write(base, SAMPLE, "tiny-int8", Files.createDirectory(directory.resolve("b")));

        assertThat(second.digest()).isEqualTo(first.digest());
    }

    @Test
    void theManifestSaysWhatItWasMadeOfAndWith() throws Exception {
        Bundle base = TinyBert.write(directory, "tiny");
        Bundle made = eightBit(base);

        assertThat(made.digest()).isNotEqualTo(base.digest());
        assertThat(made.manifest().precision()).isEqualTo("int8");
        assertThat(made.manifest().calibration().base()).isEqualTo("tiny");
        assertThat(made.manifest().calibration().digest()).isEqualTo(base.digest());
        assertThat(made.manifest().calibration().texts()).isEqualTo(40);
        assertThat(made.manifest().calibration().sample()).isEqualTo(SAMPLE.digest());
        assertThat(made.manifest().files().keySet()).contains("model.onnx_int8").doesNotContain("original");
        base.verify();
        made.verify();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert", "electra", "roberta", "mpnet", "albert"})
    void familiesWhoseLayersMultiplyWithMatricesGiveNearlyTheSameAnswers(String family) throws Exception {
        Path source = directory.resolve("source");
        Exports.copyOf("exports/" + family, source);
        Bundle base = HuggingFaceExport.write(source, family, Files.createDirectory(directory.resolve("base")));
        String mask = base.manifest().maskToken();

        Bundle made = eightBit(base);

        List<String> texts =
                TEXTS.stream().map(text -> text.replace("[MASK]", mask)).toList();
        List<List<FilledMask>> exact = answers(base, texts);
        List<List<FilledMask>> near = answers(made, texts);
        double most = 0;
        for (int i = 0; i < texts.size(); i++) {
            most = Math.max(most, Math.abs(score(exact.get(i)) - score(near.get(i))) / score(exact.get(i)));
        }
        assertThat(most).isBetween(1e-7, 0.05);
    }

    @Test
    void aRowHasTheNumbersThatItHasAloneWhateverStandsBesideIt() throws Exception {
        Bundle made = eightBit(TinyBert.write(directory, "tiny"));

        List<List<FilledMask>> together = answers(made, TEXTS);

        assertThat(made.manifest().sensitivity()).isEmpty();
        for (int i = 0; i < TEXTS.size(); i++) {
            double alone = score(answers(made, List.of(TEXTS.get(i))).get(0));
            assertThat(score(together.get(i))).isCloseTo(alone, within(1e-5));
        }
    }

    @Test
    void hiddenStatesAreThereWhereTheOriginalHasThem() throws Exception {
        Bundle made = eightBit(TinyBert.write(directory, "tiny"));

        Head.HIDDEN_STATES.require(made);
    }

    @Test
    void aModelThatIsInFewerBitsAlreadyIsRefused() throws Exception {
        Path source = directory.resolve("source");
        Exports.copyOf("exports/bert-fp16", source);
        Bundle base = HuggingFaceExport.write(source, "halves", Files.createDirectory(directory.resolve("base")));

        assertThatThrownBy(() -> eightBit(base))
                .hasMessage(
                        "Cannot compute model halves in 8 bits: its precision is fp16; use a model of precision fp32,"
                                + " or leave --precision out");
    }

    @Test
    void layersThatDoNotMultiplyWithMatricesAreRefused() throws Exception {
        Path source = directory.resolve("source");
        Exports.copyOf("causal/gpt2-cache", source);
        Bundle base = HuggingFaceExport.write(source, "gpt2", Files.createDirectory(directory.resolve("base")));

        assertThatThrownBy(() -> eightBit(base))
                .hasMessage(
                        "Cannot compute model gpt2 in 8 bits: its graph has no product (MatMul) with a matrix of 32-bit"
                                + " floats before its head; leave --precision out, or export the model again without fused"
                                + " operators");
    }

    @Test
    void fewTextsAreRefused() {
        Bundle base = TinyBert.write(directory, "tiny");

        assertThatThrownBy(() -> EightBitModel.write(base, sample("a", 31), "few", directory.resolve("few")))
                .hasMessage("Cannot compute model tiny in 8 bits: it is calibrated on at least 32 texts, there are 31;"
                        + " name a file of texts, one a line, with --calibration");
    }

    @Test
    void aSampleIsTakenAtEqualDistancesAndLeavesBlankTextsOut() {
        List<String> lines = IntStream.range(0, 512)
                .mapToObj(i -> i % 2 == 0 ? "text " + i : " ")
                .toList();

        CalibrationSample sample = CalibrationSample.of(lines);

        assertThat(sample.texts()).hasSize(128).startsWith("text 0", "text 4", "text 8");
    }

    private Bundle eightBit(Bundle base) throws IOException {
        return EightBitModel.write(base, SAMPLE, "eight-bit", Files.createDirectory(directory.resolve("eight-bit")));
    }

    private static double score(List<FilledMask> masks) {
        return masks.get(0).candidates().get(0).score();
    }

    private static List<List<FilledMask>> answers(Bundle bundle, List<String> texts) {
        FillMask task = new FillMask(5, Targets.any(), LongTexts.WINDOW, false);
        List<List<FilledMask>> answers = new ArrayList<>();
        try (LanguageModel model = LanguageModel.open(bundle, Head.MASKED_LM)) {
            new Scorer<>(model, Optional.empty(), task, 512)
                    .score(texts.stream().map(text -> Document.of(text, text)).iterator())
                    .forEachRemaining(outcome -> answers.add(outcome.value().orElseThrow()));
        }
        return answers;
    }
}
