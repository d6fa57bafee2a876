package dev.cloze.adapt;

import dev.cloze.adapt.gradient.GradientCheck;
import dev.cloze.adapt.gradient.GradientGraph;
import dev.cloze.adapt.gradient.MaskedBatch;
import dev.cloze.adapt.gradient.ModelGradient;
import dev.cloze.adapt.gradient.Parameter;
import dev.cloze.adapt.gradient.TrainableModel;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.ChangedWeights;
import dev.cloze.importing.graph.PlainModel;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adapts a model to a corpus: from a bundle and blocks to another bundle. A killed adaptation is resumed by the same call, and ends with the
 * same bits.
 *
 * @param base the model
 * @param output where the adapted model will be
 * @param corpus what it is adapted to
 * @param masking of the blocks
 * @param settings of the training
 * @param frozen names of weights that stay as they are, see {@link Freezing}
 * @param checkpointEvery steps
 * @param described settings by the names of their options, for the manifest
 */
public record Adaptation(
        Bundle base,
        Path output,
        AdaptationCorpus corpus,
        Masking masking,
        TrainingSettings settings,
        List<String> frozen,
        long checkpointEvery,
        SortedMap<String, String> described) {
    private static final String WHAT = "adapt model ";
    /** Rounding between two orders of the same computation, relative. */
    private static final double TOLERANCE = 1e-4;
    /** Blocks and tokens of the batch on which gradients are checked. */
    private static final int PROBED_BLOCKS = 2;

    private static final int PROBED_TOKENS = 16;

    /** Fails when {@code base} is no model that can be trained. */
    public static void require(Bundle base) {
        String name = base.manifest().name();
        if (base.manifest().kind() != Manifest.Kind.MASKED) {
            throw ClozeException.model(
                    WHAT + name,
                    "it is a causal model, and only masked ones can be adapted",
                    "name a masked model with --model");
        }
        if (!base.manifest().precision().equals("fp32")) {
            throw ClozeException.model(
                    WHAT + name,
                    "its weights are " + base.manifest().precision()
                            + ", and steps of training are smaller than these can tell apart",
                    "import the export with 32-bit floats (model.onnx), adapt that, and quantise the result");
        }
    }

    /** Trains to the end and writes the bundle; {@code listener} hears of steps and evaluations. */
    public Bundle run(TrainingListener listener) {
        require(base);
        try (WorkingDirectory work = WorkingDirectory.of(output, identity())) {
            if (work.isFinished()) {
                work.discard();
                return Bundle.open(output);
            }
            return trained(work, listener);
        } catch (IOException e) {
            throw ClozeException.resources(
                    WHAT + base.manifest().name() + " to " + output,
                    String.valueOf(e.getMessage()),
                    "make the directory writable and room there, and run the same command again to resume",
                    e);
        }
    }

    /** What failed before its first checkpoint leaves nothing behind, so that it can be begun with other settings. */
    private Bundle trained(WorkingDirectory work, TrainingListener listener) throws IOException {
        boolean isDone = false;
        try {
            Bundle bundle = new Run(work, listener).bundle();
            isDone = true;
            return bundle;
        } finally {
            if (!isDone) {
                work.discardUnlessResumable();
            }
        }
    }

    private SortedMap<String, String> identity() {
        SortedMap<String, String> identity = new TreeMap<>(described);
        identity.put(WorkingDirectory.MODEL, base.digest());
        identity.put(WorkingDirectory.CORPUS, corpus.digest());
        return identity;
    }

    /** One process' work on it. */
    private final class Run implements TrainingListener {
        private final WorkingDirectory work;
        private final TrainingListener outer;
        private final String logits = PlainModel.logits(base.file(Bundle.MODEL));
        private final TrainableModel model =
                new Freezing(frozen).of(TrainableModel.read(base.file(Bundle.MODEL), logits));
        private LossJournal journal;
        private double best = Double.POSITIVE_INFINITY;

        Run(WorkingDirectory work, TrainingListener outer) {
            this.work = work;
            this.outer = outer;
        }

        Bundle bundle() throws IOException {
            long bytes = model.parameters().stream().mapToLong(Parameter::count).sum() * Float.BYTES;
            requireMemory(
                    bytes, model.frozen().stream().mapToLong(Parameter::count).sum() * Float.BYTES);
            work.requireRoom((keepsBest() ? 7 : 6) * bytes + base.manifest().bytes());
            try (ModelGradient gradient = checkedGradient()) {
                Training training = new Training(gradient, model.parameters(), masking, settings);
                resume(training);
                training.run(corpus.blocks(), corpus.heldOut(), this);
                return written(training.state());
            }
        }

        /** Buffers outside of the heap may take as much as the heap. */
        private void requireMemory(long bytes, long frozenBytes) {
            long needed = (settings.batching().accumulate() > 1 ? 5 : 4) * bytes + frozenBytes;
            long most = Runtime.getRuntime().maxMemory();
            if (needed > most) {
                throw ClozeException.resources(
                        WHAT + base.manifest().name(),
                        "its weights, gradients and the optimizer's means take " + (needed >> 20)
                                + " MB, and this process may take " + (most >> 20) + " MB",
                        "give the driver more memory, such as --driver-memory " + ((needed >> 30) + 2) + "g",
                        null);
            }
        }

        /** The gradient that computes least and is right. */
        private ModelGradient checkedGradient() {
            List<GradientGraph> graphs = settings.dropout() > 0 ? model.gradientsWithDropout() : model.gradients();
            MaskedBatch probe = masking.batch(probed(), Masking.EVALUATION);
            double expected = loss(graphs.get(graphs.size() - 1), probe);
            requireNumber(expected);
            GradientGraph right = graphs.stream()
                    .filter(graph -> Math.abs(loss(graph, probe) - expected) <= TOLERANCE * Math.abs(expected))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("A graph's loss differs from itself"));
            ModelGradient gradient = new ModelGradient(right, model.parameters());
            try {
                GradientCheck.require(gradient, model.parameters(), probe);
                return gradient;
            } catch (RuntimeException e) {
                gradient.close();
                throw e;
            }
        }

        private void requireNumber(double loss) {
            if (!Double.isFinite(loss)) {
                throw ClozeException.model(
                        WHAT + base.manifest().name(),
                        "its loss on the first blocks of the corpus is not a number",
                        "check the model with `cloze score`, and import it again");
            }
        }

        private double loss(GradientGraph graph, MaskedBatch probe) {
            try (ModelGradient gradient = new ModelGradient(graph, model.parameters())) {
                return gradient.loss(probe, 1f / probe.masked());
            }
        }

        /** The beginnings of the first blocks in which tokens are masked. */
        private List<Block> probed() {
            List<Block> found = corpus.blocks().stream()
                    .map(block -> block.beginning(PROBED_TOKENS))
                    .filter(block ->
                            masking.batch(List.of(block), Masking.EVALUATION).masked() > 0)
                    .limit(PROBED_BLOCKS)
                    .toList();
            if (found.isEmpty()) {
                throw ClozeException.corpus(
                        WHAT + base.manifest().name(),
                        "no token of the corpus was drawn to be masked",
                        "raise --mask-share, or give more text",
                        null);
            }
            return found;
        }

        private void resume(Training training) throws IOException {
            Optional<Path> checkpoint = work.lastCheckpoint();
            TrainingState.Progress reached = TrainingState.Progress.BEGIN;
            if (checkpoint.isPresent()) {
                reached = TensorFile.read(checkpoint.get(), training.state().tensors());
                training.continueFrom(reached);
                best = Double.isNaN(reached.best()) ? best : reached.best();
            }
            journal = LossJournal.upTo(checkpoint.isPresent() ? reached.step() : -1, work.journal());
        }

        private Bundle written(TrainingState state) throws IOException {
            TrainingState.Progress progress = state.progress();
            double after = progress.last();
            if (keepsBest() && !(progress.last() <= progress.best())) {
                TensorFile.read(work.best(), values());
                after = progress.best();
            }
            Manifest.Lineage lineage = new Manifest.Lineage(
                    base.manifest().name(),
                    base.digest(),
                    corpus.digest(),
                    progress.step(),
                    number(progress.first()),
                    number(after),
                    described);
            Path target = work.newBundle();
            Manifest manifest = base.manifest().adapted(name(), lineage).withFiles(null);
            Path losses =
                    Files.copy(work.journal(), target.resolve(work.journal().getFileName()));
            outer.finishing(target, losses);
            ChangedWeights.write(base, changed(), manifest, logits, target);
            work.finish();
            return Bundle.open(output);
        }

        private Map<String, FloatBuffer> changed() {
            Map<String, FloatBuffer> values = new LinkedHashMap<>();
            model.trained().forEach((name, parameter) -> values.put(name, parameter.values()));
            return values;
        }

        private List<FloatBuffer> values() {
            return model.parameters().stream().map(Parameter::values).toList();
        }

        private boolean keepsBest() {
            return settings.evaluation().patience() > 0;
        }

        @Override
        public void stepped(Step step) {
            journal.add(step);
            outer.stepped(step);
        }

        @Override
        public void evaluated(Evaluated evaluated) {
            journal.add(evaluated);
            if (keepsBest() && evaluated.loss() < best) {
                best = evaluated.loss();
                TrainingState.Progress none = TrainingState.Progress.BEGIN;
                keep(() -> TensorFile.write(work.best(), new TrainingState(none, values())));
            }
            outer.evaluated(evaluated);
        }

        @Override
        public void reached(TrainingState state) {
            if (state.progress().step() % checkpointEvery == 0) {
                keep(() -> {
                    journal.force();
                    work.keep(state);
                });
            }
            outer.reached(state);
        }

        private void keep(Keeping keeping) {
            try {
                keeping.run();
            } catch (IOException e) {
                throw ClozeException.resources(
                        "keep a checkpoint in " + work,
                        String.valueOf(e.getMessage()),
                        "make room there, and run the same command again to resume",
                        e);
            }
        }
    }

    @FunctionalInterface
    private interface Keeping {
        void run() throws IOException;
    }

    private static Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private String name() {
        String name = output.toAbsolutePath().normalize().getFileName().toString();
        return BundleStore.isName(name) ? name : base.manifest().name();
    }
}
