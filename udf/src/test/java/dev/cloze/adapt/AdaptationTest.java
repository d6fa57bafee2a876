package dev.cloze.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.adapt.gradient.TrainableModel;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.HuggingFaceExport;
import dev.cloze.importing.TinyBert;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptationTest {
    private static final TrainingListener UNHEARD = new StoppingListener(Long.MAX_VALUE);

    @TempDir
    static Path models;

    @TempDir
    Path directory;

    private static Bundle base;

    @BeforeAll
    static void makeTheModel() {
        base = TinyBert.write(models, "tiny");
    }

    @Test
    void theResultIsABundleWithItsLineage() throws IOException {
        Bundle adapted = adaptation(base, "adapted", 10, 0).run(UNHEARD);

        adapted.verify();
        Manifest.Lineage lineage = adapted.manifest().lineage();
        assertThat(adapted.manifest().name()).isEqualTo("adapted");
        assertThat(lineage.base()).isEqualTo("tiny");
        assertThat(lineage.digest()).isEqualTo(base.digest());
        assertThat(lineage.steps()).isEqualTo(10);
        assertThat(lineage.lossAfter()).isLessThan(lineage.lossBefore());
        assertThat(lineage.settings()).containsEntry("learning-rate", "0.001");
        assertThat(Files.readAllLines(adapted.file("adaptation.jsonl")))
                .hasSize(13)
                .first()
                .asString()
                .startsWith("{\"step\":0,\"eval_loss\":");
        assertThat(names(directory)).containsExactly("adapted");
    }

    @Test
    void anAdaptedModelIsAdaptedFurther() throws IOException {
        Bundle first = adaptation(base, "first", 4, 0).run(UNHEARD);
        Bundle second = adaptation(first, "second", 6, 0).run(UNHEARD);

        second.verify();
        assertThat(second.manifest().lineage().digest()).isEqualTo(first.digest());
        assertThat(Files.readAllLines(second.file("adaptation.jsonl"))).hasSize(9);
    }

    @Test
    void anAdaptationThatWasEndedAnywhereIsResumedToTheSameBits() {
        Bundle whole = adaptation(base, "same", 7, 0).run(UNHEARD);
        for (long end : new long[] {1, 2, 5, 7}) {
            Path part = directory.resolve("part" + end);
            Adaptation adaptation = adaptation(base, part + "/same", 7, 0);
            assertThatThrownBy(() -> adaptation.run(new StoppingListener(end))).hasMessage("stopped");
            assertThat(adaptation.run(UNHEARD).digest()).isEqualTo(whole.digest());
        }
    }

    @Test
    void anAdaptationWithOtherSettingsIsNotResumed() {
        assertThatThrownBy(() -> adaptation(base, "other", 7, 0).run(new StoppingListener(3)))
                .hasMessage("stopped");
        assertThatThrownBy(() -> adaptation(base, "other", 8, 0).run(UNHEARD))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot resume the adaptation in " + directory
                        + "/other.adapting: it was begun with other settings:"
                        + " steps was 7, it is 8; give the same options, or delete the directory to begin anew");
    }

    @Test
    void theWeightsOfTheBestEvaluationAreKeptWhenTrainingStopsEarly() {
        Bundle adapted = adaptation(base, "best", 30, 2).run(UNHEARD);
        assertThat(adapted.manifest().lineage().lossAfter())
                .isLessThanOrEqualTo(adapted.manifest().lineage().lossBefore());
    }

    @Test
    void frozenWeightsStayAsTheyAreAndOthersDoNot() {
        Bundle adapted = adaptation(base, "frozen", 6, 0, List.of("embeddings", "layers.0", "*.output.LayerNorm.*"))
                .run(UNHEARD);

        assertThat(lookedAt(adapted, "bert.embeddings.word_embeddings.weight"))
                .isEqualTo(lookedAt(base, "bert.embeddings.word_embeddings.weight"));
        assertThat(lookedAt(adapted, "bert.encoder.layer.0.attention.self.query.bias"))
                .isEqualTo(lookedAt(base, "bert.encoder.layer.0.attention.self.query.bias"));
        assertThat(lookedAt(adapted, "bert.encoder.layer.1.output.LayerNorm.weight"))
                .isEqualTo(lookedAt(base, "bert.encoder.layer.1.output.LayerNorm.weight"));
        assertThat(lookedAt(adapted, "bert.encoder.layer.1.attention.self.query.bias"))
                .isNotEqualTo(lookedAt(base, "bert.encoder.layer.1.attention.self.query.bias"));
        assertThat(adapted.manifest().lineage().lossAfter())
                .isLessThan(adapted.manifest().lineage().lossBefore());
    }

    @Test
    void aNameThatNoWeightHasIsNotFrozenInSilence() throws IOException {
        assertThatThrownBy(() ->
                        adaptation(base, "frozen", 6, 0, List.of("layers.7-9")).run(UNHEARD))
                .isInstanceOf(ClozeException.class)
                .hasMessageStartingWith("Cannot freeze layers.7-9: no weight of the model has such a name; some of the"
                        + " names are bert.embeddings.")
                .hasMessageEndingWith("write embeddings, layers.0-5, or a name in which * stands for anything");
        assertThatThrownBy(() -> adaptation(base, "frozen", 6, 0, List.of("*")).run(UNHEARD))
                .hasMessage("Cannot freeze *: no weight is left to train; freeze fewer weights");
        assertThat(names(directory)).isEmpty();
    }

    private static float[] lookedAt(Bundle bundle, String name) {
        TrainableModel model = TrainableModel.read(bundle.file(Bundle.MODEL), "logits");
        FloatBuffer values = model.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow()
                .values();
        float[] copy = new float[values.limit()];
        values.get(0, copy);
        return copy;
    }

    @Test
    void nothingIsWrittenOverAFileThatIsThere() throws IOException {
        Files.createDirectory(directory.resolve("taken"));
        assertThatThrownBy(() -> adaptation(base, "taken", 7, 0).run(UNHEARD))
                .hasMessage("Cannot write the adapted model to " + directory
                        + "/taken: it is there already; choose another --output");
    }

    @Test
    void anAdaptationThatWasKilledBehindTheRenameOfItsResultIsCompleted() throws IOException {
        Adaptation adaptation = adaptation(base, "late", 7, 0);
        assertThatThrownBy(() -> adaptation.run(new StoppingListener(7))).hasMessage("stopped");
        Path working = directory.resolve("late.adapting");
        byte[] identity = Files.readAllBytes(working.resolve("adaptation.json"));
        Bundle result = adaptation.run(UNHEARD);
        Files.createDirectory(working);
        Files.write(working.resolve("adaptation.json"), identity);
        Files.createFile(working.resolve("checkpoint-000000000006"));

        assertThat(adaptation.run(UNHEARD).digest()).isEqualTo(result.digest());
        assertThat(names(directory)).containsExactly("late");
    }

    @Test
    void twoProcessesDoNotAdaptToOneOutput() throws IOException {
        Adaptation adaptation = adaptation(base, "shared", 7, 0);
        assertThatThrownBy(() -> adaptation.run(new StoppingListener(3))).hasMessage("stopped");
        Path working = directory.resolve("shared.adapting");
        try (FileChannel other = FileChannel.open(working.resolve("lock"), StandardOpenOption.WRITE)) {
            other.lock();
            assertThatThrownBy(() -> adaptation.run(UNHEARD))
                    .isInstanceOf(ClozeException.class)
                    .hasMessage("Cannot adapt a model in " + working
                            + ": another process is at work there; wait for it to end, or choose another --output");
        }
    }

    @Test
    void aDamagedCheckpointIsNamed() throws IOException {
        Adaptation adaptation = adaptation(base, "damaged", 7, 0);
        assertThatThrownBy(() -> adaptation.run(new StoppingListener(4))).hasMessage("stopped");
        Path checkpoint = directory.resolve("damaged.adapting/checkpoint-000000000004");
        Files.write(checkpoint, Arrays.copyOf(Files.readAllBytes(checkpoint), 1000));
        assertThatThrownBy(() -> adaptation.run(UNHEARD))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot resume from the checkpoint " + checkpoint
                        + ": it is damaged, or of another version of Cloze; delete " + checkpoint
                        + " to continue from the beginning");
    }

    @Test
    void lossesThatAreGoneAreNotLeftOutOfTheJournal() throws IOException {
        Adaptation adaptation = adaptation(base, "gone", 7, 0);
        assertThatThrownBy(() -> adaptation.run(new StoppingListener(4))).hasMessage("stopped");
        Path journal = directory.resolve("gone.adapting/adaptation.jsonl");
        Files.write(journal, Files.readAllLines(journal).subList(0, 3));
        assertThatThrownBy(() -> adaptation.run(UNHEARD))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot resume the adaptation in " + directory
                        + "/gone.adapting: its losses are known up to step 2, and its checkpoint is of step 4;"
                        + " delete the directory to begin anew");
    }

    @Test
    void weightsThatMayOnlyBeReadAreWrittenIntoACopy() throws Exception {
        Bundle external = imported("exports/bert-external-data");
        for (String name : external.manifest().files().keySet()) {
            Files.setPosixFilePermissions(external.file(name), PosixFilePermissions.fromString("r--r--r--"));
        }
        Bundle adapted = adaptation(external, "writable", 2, 0).run(UNHEARD);
        for (String name : adapted.manifest().files().keySet()) {
            assertThat(Files.getPosixFilePermissions(adapted.file(name))).contains(PosixFilePermission.OWNER_WRITE);
        }
    }

    @Test
    void aCausalModelIsRefused() throws Exception {
        Bundle gpt2 = imported("causal/gpt2");
        assertThatThrownBy(() -> adaptation(gpt2, "gpt2", 7, 0).run(UNHEARD))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot adapt model m: it is a causal model, and only masked ones can be adapted;"
                        + " name a masked model with --model");
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void aModelOfHalfPrecisionIsRefused() throws Exception {
        Bundle halves = imported("exports/bert-fp16");
        assertThatThrownBy(() -> adaptation(halves, "halves", 7, 0).run(UNHEARD))
                .isInstanceOf(ClozeException.class)
                .hasMessage(
                        "Cannot adapt model m: its weights are fp16, and steps of training are smaller than these can"
                                + " tell apart; import the export with 32-bit floats (model.onnx), adapt that, and quantise the"
                                + " result");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"exports/bert-external-data", "exports/deberta-v2", "exports/modernbert", "checkpoints/bert"})
    void modelsOfOtherOriginsAreAdapted(String model) throws Exception {
        Bundle adapted = adaptation(imported(model), "adapted", 6, 0).run(UNHEARD);
        adapted.verify();
        assertThat(adapted.manifest().lineage().lossAfter())
                .isLessThan(adapted.manifest().lineage().lossBefore());
    }

    private static Bundle imported(String model) throws IOException, URISyntaxException {
        Path source =
                Path.of(AdaptationTest.class.getResource("/dev/cloze/" + model).toURI());
        return HuggingFaceExport.write(source, "m", Files.createTempDirectory(models, "model"));
    }

    private Adaptation adaptation(Bundle model, String name, long steps, int patience) {
        return adaptation(model, name, steps, patience, List.of());
    }

    private Adaptation adaptation(Bundle model, String name, long steps, int patience, List<String> frozen) {
        TrainingSettings settings = new TrainingSettings(
                new TrainingSettings.Batching(4, 1),
                1e-3,
                0.01,
                1,
                0,
                new Schedule(Schedule.Decay.LINEAR, 0, steps),
                3,
                new TrainingSettings.Evaluation(5, patience));
        TreeMap<String, String> described = new TreeMap<>();
        described.put("learning-rate", "0.001");
        described.put("steps", Long.toString(steps));
        return new Adaptation(
                model,
                directory.resolve(name),
                new AdaptationCorpus(Blocks.range(0, 16), Blocks.range(16, 24)),
                new Masking(0.3, 3, 4, 0, 30),
                settings,
                frozen,
                2,
                described);
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Ends the process' work after a step, as a kill would. */
    private record StoppingListener(long last) implements TrainingListener {
        @Override
        public void stepped(Step step) {}

        @Override
        public void evaluated(Evaluated evaluated) {}

        @Override
        public void reached(TrainingState state) {
            if (state.progress().step() == last) {
                throw new IllegalStateException("stopped");
            }
        }
    }
}
