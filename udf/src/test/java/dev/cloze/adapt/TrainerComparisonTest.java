package dev.cloze.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.adapt.gradient.MaskedBatch;
import dev.cloze.adapt.gradient.ModelGradient;
import dev.cloze.adapt.gradient.Parameter;
import dev.cloze.adapt.gradient.TrainableModel;
import dev.cloze.bundle.Bundle;
import dev.cloze.importing.HuggingFaceExport;
import dev.cloze.importing.TinyBert;
import dev.cloze.onnx.OnnxRuntime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twenty steps of transformers' own Trainer, which {@code src/test/python/adapt.py} ran, made here with the same batches. */
class TrainerComparisonTest {
    private static final String KERNEL = "/kernel";
    private static final long UNMASKED = -100;
    private static final float TOLERANCE = 1e-5f;

    @TempDir
    static Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "bert", "deberta-v3", "distilbert", "electra", "mpnet", "roberta", "xlm-roberta"})
    void lossesAndWeightsAreThoseOfTheTrainer(String model) throws Exception {
        JsonNode expected = new ObjectMapper()
                .readTree(Path.of(resource("adapt/" + model + ".json").toURI()).toFile());
        TrainableModel trained = TrainableModel.read(bundle(model).file(Bundle.MODEL), "logits");
        List<Double> losses = new ArrayList<>();
        try (ModelGradient gradient = new ModelGradient(trained.gradients().get(0), trained.parameters())) {
            Training training = new Training(gradient, trained.parameters(), null, settings(expected));
            for (MaskedBatch batch : batches(expected)) {
                training.step(List.of(batch), 0, new Losses(losses));
            }
        }
        for (int i = 0; i < losses.size(); i++) {
            assertThat(losses.get(i))
                    .as("loss of step %d", i + 1)
                    .isCloseTo(expected.get("losses").get(i).asDouble(), within((double) TOLERANCE));
        }
        trained.parameters().forEach(parameter -> compare(parameter, expected.get("weights")));
    }

    /**
     * Losses and weights of a real model, and how fast they were computed: {@code src/test/python/adapt.py real} writes the file. The first step
     * warms up, as there.
     */
    @Test
    @EnabledIfSystemProperty(named = "cloze.trainer", matches = ".+")
    void aRealModelMakesTheStepsOfTheTrainer() throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(Path.of(System.getProperty("cloze.trainer")).toFile());
        Bundle bundle = Bundle.open(Path.of(System.getProperty("cloze.trainer.bundle")));
        OnnxRuntime.computeWith(Integer.getInteger("cloze.trainer.threads", 1));
        TrainableModel trained = TrainableModel.read(bundle.file(Bundle.MODEL), "logits");
        List<Double> losses = new ArrayList<>();
        List<MaskedBatch> batches = batches(expected);
        com.sun.management.OperatingSystemMXBean process =
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        long begun = 0;
        try (ModelGradient gradient = new ModelGradient(trained.gradients().get(0), trained.parameters())) {
            Training training = new Training(gradient, trained.parameters(), null, settings(expected));
            for (MaskedBatch batch : batches) {
                begun = losses.size() == 1 ? process.getProcessCpuTime() : begun;
                training.step(List.of(batch), 0, new Losses(losses));
            }
        }
        double tokens =
                batches.stream().skip(1).mapToLong(batch -> batch.ids().length).sum();
        System.out.printf(
                Locale.ROOT,
                "losses %s, %.1f tokens a CPU second%n",
                losses,
                tokens * 1e9 / (process.getProcessCpuTime() - begun));
        for (int i = 0; i < losses.size(); i++) {
            assertThat(losses.get(i)).isCloseTo(expected.get("losses").get(i).asDouble(), within(1e-4));
        }
        trained.parameters().forEach(parameter -> compare(parameter, expected.get("weights")));
    }

    private static URL resource(String name) {
        return TrainerComparisonTest.class.getResource("/dev/cloze/" + name);
    }

    private static Bundle bundle(String model) throws IOException, URISyntaxException {
        if (model.equals("tiny")) {
            return TinyBert.write(directory, model);
        }
        Path source = Path.of(resource("checkpoints/" + model).toURI());
        return HuggingFaceExport.write(source, model, Files.createDirectory(directory.resolve(model)));
    }

    private static TrainingSettings settings(JsonNode expected) {
        JsonNode settings = expected.get("settings");
        return new TrainingSettings(
                new TrainingSettings.Batching(expected.get("rows").asInt(), 1),
                settings.get("learning_rate").asDouble(),
                settings.get("weight_decay").asDouble(),
                settings.get("max_grad_norm").asDouble(),
                0,
                new Schedule(
                        Schedule.Decay.LINEAR,
                        settings.get("warmup_steps").asLong(),
                        expected.get("losses").size()),
                0,
                new TrainingSettings.Evaluation(1, 0));
    }

    private static List<MaskedBatch> batches(JsonNode expected) {
        List<MaskedBatch> batches = new ArrayList<>();
        int rows = expected.get("rows").asInt();
        JsonNode data = expected.get("data");
        for (int from = 0; from < data.size(); from += rows) {
            long[] labels = joined(data, from, rows, "labels");
            long[] ids = joined(data, from, rows, "input_ids");
            long[] positions = LongStream.range(0, labels.length)
                    .filter(i -> labels[(int) i] != UNMASKED)
                    .toArray();
            batches.add(new MaskedBatch(
                    rows,
                    ids.length / rows,
                    ids,
                    joined(data, from, rows, "attention_mask"),
                    new long[ids.length],
                    positions,
                    LongStream.of(positions).map(i -> labels[(int) i]).toArray()));
        }
        return batches;
    }

    private static long[] joined(JsonNode data, int from, int rows, String key) {
        LongStream.Builder values = LongStream.builder();
        for (int row = from; row < from + rows; row++) {
            data.get(row).get(key).forEach(value -> values.add(value.asLong()));
        }
        return values.build().toArray();
    }

    /**
     * But for biases of keys, and that of the norm of DeBERTa's distances where only keys read these: both add the same to all weights of a row of attention.
     * Their gradient is 0 in exact arithmetic, and AdamW makes steps of rounding noise.
     */
    private static void compare(Parameter parameter, JsonNode weights) {
        boolean turned = parameter.name().endsWith(KERNEL);
        String name =
                turned ? parameter.name().substring(0, parameter.name().length() - KERNEL.length()) : parameter.name();
        if (name.matches(".*(key|k_lin|attn\\.k|key_proj)\\.bias|deberta\\.encoder\\.LayerNorm\\.bias")) {
            return;
        }
        JsonNode expected = weights.get(name);
        assertThat(expected).as(name).isNotNull();
        int step = expected.get("step").asInt();
        JsonNode values = expected.get("values");
        for (int i = 0; i < values.size(); i++) {
            assertThat(parameter.values().get(place(parameter, i * step, turned)))
                    .as("element %d of %s", i * step, name)
                    .isCloseTo((float) values.get(i).asDouble(), within(TOLERANCE));
        }
    }

    /** Where the element {@code index} of the matrix as PyTorch keeps it, {@code [out, in]}, stands in {@code [in, out]}. */
    private static int place(Parameter parameter, int index, boolean turned) {
        if (!turned) {
            return index;
        }
        int in = (int) parameter.shape()[0];
        int out = (int) parameter.shape()[1];
        return index % in * out + index / in;
    }

    private record Losses(List<Double> losses) implements TrainingListener {
        @Override
        public void stepped(Step step) {
            losses.add(step.loss());
        }

        @Override
        public void evaluated(Evaluated evaluated) {}

        @Override
        public void reached(TrainingState state) {}
    }
}
