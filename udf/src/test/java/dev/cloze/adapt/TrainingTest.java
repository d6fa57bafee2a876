package dev.cloze.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.adapt.gradient.ModelGradient;
import dev.cloze.adapt.gradient.Parameter;
import dev.cloze.adapt.gradient.TrainableModel;
import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.TinyBert;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    @TempDir
    static Path directory;

    private static Path graph;

    @BeforeAll
    static void makeTheModel() {
        graph = TinyBert.write(directory, "tiny").file(Bundle.MODEL);
    }

    @Test
    void twoTrainingsWithOneSeedAreEqualToTheLastBit() {
        assertThat(trained(settings(4, 2, 6, 3))).isEqualTo(trained(settings(4, 2, 6, 3)));
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        assertThat(trained(settings(4, 2, 6, 3))).isNotEqualTo(trained(settings(4, 2, 6, 4)));
    }

    @Test
    void fourBatchesOfTwoAreABatchOfEight() {
        List<Parameter> many = train(settings(2, 4, 5, 1), new Heard()).parameters();
        List<Parameter> one = train(settings(8, 1, 5, 1), new Heard()).parameters();
        for (int i = 0; i < one.size(); i++) {
            // Their gradient is 0 in exact arithmetic, and AdamW makes steps of rounding noise.
            if (!one.get(i).name().endsWith("key.bias")) {
                assertThat(copy(many.get(i).values()))
                        .as(one.get(i).name())
                        .containsExactly(copy(one.get(i).values()), within(1e-5f));
            }
        }
    }

    @Test
    void theLossOfHeldOutBlocksFalls() {
        Heard heard = new Heard();
        train(settings(8, 1, 30, 1), heard);
        assertThat(heard.evaluated.get(heard.evaluated.size() - 1).loss())
                .isLessThan(0.9 * heard.evaluated.get(0).loss());
    }

    @Test
    void aTrainingThatContinuesFromAnyStepEndsWithTheSameBits() {
        TrainingSettings settings = settings(4, 2, 6, 3);
        float[] whole = trained(settings);
        Heard heard = new Heard();
        train(settings, heard);
        for (Saved saved : heard.saved) {
            assertThat(continued(settings, saved)).isEqualTo(whole);
        }
    }

    @Test
    void aLossThatIsNoNumberEndsTheTraining() {
        TrainingSettings wild = new TrainingSettings(
                new TrainingSettings.Batching(8, 1),
                1e30,
                0,
                0,
                0,
                new Schedule(Schedule.Decay.LINEAR, 0, 20),
                1,
                new TrainingSettings.Evaluation(100, 0));
        assertThatThrownBy(() -> train(wild, new Heard()))
                .isInstanceOf(ClozeException.class)
                .hasMessageMatching(
                        "Cannot continue the training: the loss of step \\d+ or its gradient is not a number;"
                                + " lower --learning-rate, or raise --warmup");
    }

    @Test
    void heldOutBlocksWithoutAMaskedTokenAreRefused() {
        TrainingSettings settings = settings(8, 1, 2, 1);
        TrainableModel model = TrainableModel.read(graph, "logits");
        try (ModelGradient gradient = new ModelGradient(model.gradients().get(0), model.parameters())) {
            Training training = new Training(gradient, model.parameters(), new Masking(1e-9, 1, 4, 0, 40), settings);
            assertThatThrownBy(() -> training.run(Blocks.range(0, 8), Blocks.range(8, 9), new Heard()))
                    .isInstanceOf(ClozeException.class)
                    .hasMessage("Cannot evaluate the model: no token of the held-out blocks was drawn to be masked;"
                            + " hold out more text");
        }
    }

    @Test
    void trainingStopsWhenHeldOutBlocksNoLongerGetBetter() {
        TrainingSettings still = new TrainingSettings(
                new TrainingSettings.Batching(8, 1),
                0,
                0,
                1,
                0,
                new Schedule(Schedule.Decay.LINEAR, 0, 50),
                1,
                new TrainingSettings.Evaluation(2, 3));
        Heard heard = new Heard();
        train(still, heard);
        assertThat(heard.steps).hasSize(6);
    }

    private static TrainingSettings settings(int size, int accumulate, long steps, long seed) {
        return new TrainingSettings(
                new TrainingSettings.Batching(size, accumulate),
                1e-3,
                0.01,
                1,
                0,
                new Schedule(Schedule.Decay.LINEAR, 1, steps),
                seed,
                new TrainingSettings.Evaluation(10, 0));
    }

    private static float[] trained(TrainingSettings settings) {
        return values(train(settings, new Heard()));
    }

    private static float[] continued(TrainingSettings settings, Saved saved) {
        TrainableModel model = TrainableModel.read(graph, "logits");
        try (ModelGradient gradient = new ModelGradient(model.gradients().get(0), model.parameters())) {
            Training training = new Training(gradient, model.parameters(), masking(settings), settings);
            List<FloatBuffer> tensors = training.state().tensors();
            for (int i = 0; i < tensors.size(); i++) {
                tensors.get(i).put(0, saved.tensors.get(i));
            }
            training.continueFrom(saved.progress);
            training.run(Blocks.range(0, 24), Blocks.range(24, 32), new Heard());
            return values(model);
        }
    }

    private static TrainableModel train(TrainingSettings settings, Heard heard) {
        TrainableModel model = TrainableModel.read(graph, "logits");
        try (ModelGradient gradient = new ModelGradient(model.gradients().get(0), model.parameters())) {
            new Training(gradient, model.parameters(), masking(settings), settings)
                    .run(Blocks.range(0, 24), Blocks.range(24, 32), heard);
            return model;
        }
    }

    private static Masking masking(TrainingSettings settings) {
        return new Masking(0.3, settings.seed(), 4, 0, 40);
    }

    private static float[] values(TrainableModel model) {
        List<float[]> all = new ArrayList<>();
        model.parameters().forEach(parameter -> all.add(copy(parameter.values())));
        float[] values = new float[all.stream().mapToInt(part -> part.length).sum()];
        int from = 0;
        for (float[] part : all) {
            System.arraycopy(part, 0, values, from, part.length);
            from += part.length;
        }
        return values;
    }

    private static float[] copy(FloatBuffer values) {
        float[] copy = new float[values.limit()];
        values.get(0, copy);
        return copy;
    }

    private record Saved(TrainingState.Progress progress, List<float[]> tensors) {}

    private static final class Heard implements TrainingListener {
        final List<Step> steps = new ArrayList<>();
        final List<Evaluated> evaluated = new ArrayList<>();
        final List<Saved> saved = new ArrayList<>();

        @Override
        public void stepped(Step step) {
            steps.add(step);
        }

        @Override
        public void evaluated(Evaluated loss) {
            evaluated.add(loss);
        }

        @Override
        public void reached(TrainingState state) {
            saved.add(new Saved(
                    state.progress(),
                    state.tensors().stream().map(TrainingTest::copy).toList()));
        }
    }
}
