package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.importing.HuggingFaceExport;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code cloze adapt}: what it writes, and that what it cannot do leaves nothing behind. */
class AdaptCommandTest {
    private static final int TEXTS = 40;

    @TempDir
    Path directory;

    private Path corpus;

    @BeforeEach
    void writeTheCorpus() throws IOException {
        corpus = new Corpora(directory.resolve("in"))
                .numbered("corpus.txt", 0, TEXTS, i -> "paris is the capital of france , and number " + i + " is new");
    }

    @Test
    void theAdaptedModelIsOneThatOtherCommandsTake() throws IOException {
        Result result = adapt(Runner.tiny(), "--steps", "12", "--learning-rate", "1e-2");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).isEqualTo(output() + "\n");
        assertThat(result.err())
                .matches("(?s)cloze: \\d+ blocks to train on, \\d+ held out; 12 steps of 8 blocks\n"
                        + "cloze: step 0: loss of held-out blocks .*\n"
                        + "cloze: perplexity of held-out blocks: [\\d.]+ before, [\\d.]+ after 12 steps\n");
        JsonNode lineage = new ObjectMapper()
                .readTree(output().resolve("cloze.json").toFile())
                .path("lineage");
        assertThat(lineage.path("steps").asInt()).isEqualTo(12);
        assertThat(lineage.path("loss_after").asDouble())
                .isLessThan(lineage.path("loss_before").asDouble());
        assertThat(output().resolve("adaptation.svg")).content().contains("tiny, adapted to out");
        Result filled = Runner.run("fill-mask", "--model", output().toString(), "--text", "paris is [MASK]", "--json");
        assertThat(filled.code()).as(filled.err()).isZero();
        assertThat(names(directory)).containsExactlyInAnyOrder("in", "out");
    }

    @Test
    void equalCommandsGiveEqualWeights() throws IOException {
        adapt(Runner.tiny(), "--steps", "3");
        byte[] first = Files.readAllBytes(output().resolve(Bundle.MODEL));
        Files.move(output(), directory.resolve("first"));

        adapt(Runner.tiny(), "--steps", "3");

        assertThat(output().resolve(Bundle.MODEL)).hasBinaryContent(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--steps 0|--steps must be at least 1, it is 0",
                "--steps 3 --epochs 2|--epochs and --steps exclude each other",
                "--learning-rate=-1|--learning-rate must be a number above 0, it is -1.0",
                "--eval-share 0 --patience 2|--patience needs held-out blocks: raise --eval-share",
                "--mask-share 0|--mask-share must be above 0 and at most 1, it is 0.0",
                "--schedule constant|Invalid value for option '--schedule': expected one of [linear, cosine] but was 'constant'",
                "--dropout 1|--dropout must be at least 0 and below 1, it is 1.0",
                "--id-column id|an adapted model has no rows: leave --id-column, --keep and --row-column out"
            })
    void aWrongOptionIsNamed(String options, String said) {
        Result result = adapt(Runner.tiny(), options.split(" "));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(said);
        requireNothingWritten();
    }

    @Test
    void aCausalModelIsRefused() {
        assertRefused(
                adapt(Runner.gpt2()),
                "Cannot adapt model gpt2: it is a causal model, and only masked ones can be adapted; name a masked"
                        + " model with --model");
    }

    @Test
    void aModelThatIsNotIn32BitsIsRefused() throws IOException {
        Bundle halves = imported(Exports.of("bert-fp16", directory.resolve("in/halves")));

        assertRefused(
                adapt(halves),
                "Cannot adapt model m: its weights are fp16, and steps of training are smaller than these can tell"
                        + " apart; import the export with 32-bit floats (model.onnx), adapt that, and quantise the"
                        + " result");
    }

    @Test
    void anOperatorWithoutARuleIsNamed() throws IOException {
        Path export = Exports.bert(directory.resolve("in/export"));
        OnnxMl.ModelProto.Builder model =
                OnnxMl.ModelProto.parseFrom(Files.readAllBytes(export.resolve(Bundle.MODEL))).toBuilder();
        model.getGraphBuilder().getNodeBuilderList().stream()
                .filter(node -> node.getOpType().equals("Erf"))
                .forEach(node -> node.setOpType("Softsign"));
        Files.write(export.resolve(Bundle.MODEL), model.build().toByteArray());

        assertRefused(
                adapt(imported(export)),
                "Cannot compute the gradient of a model: Cloze cannot compute gradients with the operator Softsign");
    }

    @Test
    void aCorpusThatIsShorterThanABlockIsRefused() throws IOException {
        corpus = new Corpora(directory.resolve("in")).lines("short.txt", "paris is new");

        assertRefused(
                adapt(Runner.tiny()),
                "Cannot adapt model tiny: the corpus makes no block of 16 tokens; give more text, lower --block-size,"
                        + " or take each row by itself with --line-by-line");
    }

    @Test
    void aBlockThatIsLongerThanTheModelReadsIsRefused() {
        assertRefused(adapt(Runner.tiny(), "--block-size", "100000"), "the model reads 64 at once; lower --block-size");
    }

    @Test
    void aLossThatIsNotANumberEndsTheTraining() {
        assertRefused(
                adapt(Runner.tiny(), "--learning-rate", "1e30", "--max-grad-norm", "0"),
                "or its gradient is not a number; lower --learning-rate, or raise --warmup");

        Result again = adapt(Runner.tiny(), "--steps", "2");
        assertThat(again.code()).as(again.err()).isZero();
    }

    @Test
    void whatIsThereIsNotReplaced() throws IOException {
        Files.createDirectory(output());

        Result result = adapt(Runner.tiny());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("Cannot write the adapted model to " + output()
                        + ": it is there already; choose another --output");
        assertThat(output()).isEmptyDirectory();
    }

    private void assertRefused(Result result, String said) {
        assertThat(result.code()).as(result.err()).isBetween(2, 6);
        assertThat(result.err()).contains(said).doesNotContain("\tat ");
        requireNothingWritten();
    }

    private void requireNothingWritten() {
        assertThat(names(directory)).containsExactly("in");
    }

    /** Blocks are short, unless options say otherwise. */
    private Result adapt(Bundle model, String... options) {
        List<String> args = new ArrayList<>(
                List.of("--input", corpus.toString(), "--output", output().toString(), "--threads", "1"));
        args.addAll(List.of(options));
        if (!args.contains("--block-size")) {
            args.addAll(List.of("--block-size", "16"));
        }
        return Runner.command("adapt", model, args.toArray(String[]::new));
    }

    private Path output() {
        return directory.resolve("out");
    }

    private Bundle imported(Path export) throws IOException {
        return HuggingFaceExport.write(export, "m", Files.createDirectory(directory.resolve("in/bundle")));
    }

    private static List<String> names(Path of) {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
