package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionCommandTest {
    private static final String NAME = "tiny-int8-" + Runner.tiny().digest().substring(0, 8);

    @TempDir
    Path directory;

    private Path cache;
    private Path input;

    @BeforeEach
    void write() throws IOException {
        cache = directory.resolve("cache");
        input = Files.write(
                directory.resolve("in.txt"),
                IntStream.range(0, 60)
                        .mapToObj(i -> "paris " + "the ".repeat(i % 7) + i + " is [MASK]")
                        .toList());
    }

    @Test
    void theFirstRunMakesTheVersionOfASampleOfItsCorpusAndTheManifestSaysIt() throws IOException {
        Result first = inEightBits("first");
        Result second = inEightBits("second");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.err())
                .contains("making the 8-bit version " + NAME + " (once, some minutes), calibrated on 60 texts");
        assertThat(second.err()).doesNotContain("making");
        JsonNode model = manifest("first").path("model");
        assertThat(model.path("name").asText()).isEqualTo(NAME);
        assertThat(model.path("precision").asText()).isEqualTo("int8");
        assertThat(model.path("calibration").path("digest").asText())
                .isEqualTo(Runner.tiny().digest());
        assertThat(model.path("calibration").path("texts").asInt()).isEqualTo(60);
        assertThat(manifest("second").path("model")).isEqualTo(model);
    }

    @Test
    void runsOfDifferentPrecisionAreNotResumed() {
        inEightBits("out");

        Result exact = Runner.fillMask(
                "--input",
                input.toString(),
                "--output",
                directory.resolve("out").toString());

        assertThat(exact.code()).isEqualTo(2);
        assertThat(exact.err()).contains("the model was " + NAME);
    }

    @Test
    void statesOfDifferentPrecisionAreNotMerged() {
        Result first = perplexity("one", "--precision", "int8");
        Result second = perplexity("two", "--merge", directory.resolve("one").toString());

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(second.code()).isEqualTo(2);
        assertThat(second.err()).contains("Cannot merge").contains(Runner.tiny().digest());
    }

    @Test
    void theModelsPageSaysHowItWasMade() {
        inEightBits("out");

        Result shown = Runner.run("model", "show", NAME, "--cache", cache.toString());

        assertThat(shown.out())
                .contains("int8")
                .contains("tiny (" + Runner.tiny().digest() + ")")
                .contains("60 texts");
    }

    @Test
    void standardInputIsNoSample() {
        Result result = Runner.fillMask("--input", "-", "--precision", "int8", "--cache", cache.toString());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("Cannot make an 8-bit version of the model: it is made with a sample of the corpus, and"
                        + " standard input can be read once only; name a file of texts, one a line, with"
                        + " --calibration");
    }

    @Test
    void mistakesAreSaidBeforeAnythingRuns() {
        assertThat(Runner.fillMask("--text", "a [MASK]", "--precision", "int4").err())
                .contains("--precision must be one of fp32, int8, it is int4");
        assertThat(Runner.fillMask("--text", "a [MASK]", "--calibration", "f.txt")
                        .err())
                .contains("--calibration needs --precision int8");
        assertThat(Runner.fillMask("--text", "a [MASK]", "--precision", "int8", "--device", "cuda")
                        .err())
                .contains("--precision int8 computes on the CPU: leave --device out");
        assertThat(Runner.fillMask("--text", "a [MASK]", "--device", "openvino").err())
                .contains("--device openvino needs --device-option plugin=PATH, the library of its plug-in");
    }

    @Test
    void aPluginThatIsNotThereIsAFailureAndNeverTheCpu() {
        Result result = Runner.fillMask(
                "--text", "a [MASK]", "--device", "openvino", "--device-option", "plugin=/nowhere/p.so");

        assertThat(result.code()).isEqualTo(6);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("Cannot compute on openvino: ").contains("/nowhere/p.so");
    }

    @Test
    void packedWeightsGiveTheSameNumbersButForTheOrderOfTheirSums() {
        double mapped = score(Runner.fillMask("--text", "paris is [MASK]", "--json"));
        double packed = score(Runner.fillMask("--text", "paris is [MASK]", "--json", "--prepack", "on"));

        assertThat(packed).isCloseTo(mapped, within(1e-6));
    }

    @Test
    void aRunWithPackedWeightsIsNotResumedWithout() {
        String output = directory.resolve("out").toString();
        Runner.fillMask("--input", input.toString(), "--output", output, "--prepack", "on");

        Result other = Runner.fillMask("--input", input.toString(), "--output", output);

        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("--prepack was on");
    }

    private static double score(Result result) {
        return result.json().get(0).at("/masks/0/candidates/0/score").asDouble();
    }

    private Result inEightBits(String output) {
        return Runner.fillMask(
                "--input",
                input.toString(),
                "--precision",
                "int8",
                "--cache",
                cache.toString(),
                "--output",
                directory.resolve(output).toString());
    }

    private Result perplexity(String output, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--input",
                input.toString(),
                "--cache",
                cache.toString(),
                "--output",
                directory.resolve(output).toString()));
        all.addAll(List.of(more));
        return Runner.perplexity(all.toArray(String[]::new));
    }

    private JsonNode manifest(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(output).resolve("_manifest.json").toFile());
    }
}
