package dev.cloze.job.command;

import dev.cloze.failure.ClozeException;
import dev.cloze.failure.Problems;
import dev.cloze.job.run.ExampleScoring;
import dev.cloze.job.summary.TrainerSummary;
import dev.cloze.mask.LongTexts;
import dev.cloze.scoring.Examples;
import dev.cloze.scoring.PerplexitySettings.Method;
import dev.cloze.settings.Labels;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How {@code --method mlm} draws tokens, and how the Python Trainer would group them. */
@Section(MaskingOptions.SECTION)
final class MaskedEvaluationOptions {
    private static final int BLOCK = 128;
    private static final int LONGEST_LINE = 1024;
    private static final int BATCH = 8;

    @Mixin
    private MaskingOptions masking;

    @Option(
            names = "--hf-compat",
            paramLabel = "GROUPING",
            converter = ExamplesConverter.class,
            description =
                    "mlm: the examples and the mean of the Python Trainer (run_mlm) instead of documents: blocks, all"
                            + " rows put together and cut into pieces; or line-by-line.")
    private Optional<Examples> examples = Optional.empty();

    @Option(
            names = "--block-size",
            paramLabel = "N",
            description = "hf-compat: tokens of an example (default: " + BLOCK
                    + "; line-by-line: what the model reads, at" + " most " + LONGEST_LINE + ").")
    private Optional<Integer> blockSize = Optional.empty();

    @Option(
            names = "--eval-batch-size",
            paramLabel = "N",
            description = "hf-compat: examples whose mean counts together, per_device_eval_batch_size (default: "
                    + BATCH + ").")
    private Optional<Integer> evalBatchSize = Optional.empty();

    /** Names of {@link Examples} on the command line. */
    static final class ExamplesConverter extends LabelConverter<Examples> {
        ExamplesConverter() {
            super(Examples.class);
        }
    }

    void check(Problems problems, Method method) {
        boolean given = masking.areGiven()
                || Stream.of(examples, blockSize, evalBatchSize).anyMatch(Optional::isPresent);
        problems.require(
                method == Method.MLM || !given,
                "--mask-share, --masking, --seed, --hf-compat, --block-size and --eval-batch-size are for --method mlm");
        masking.checkShare(problems);
        problems.require(
                examples.isPresent() || blockSize.isEmpty() && evalBatchSize.isEmpty(),
                "--block-size and --eval-batch-size are for --hf-compat");
        evalBatchSize.ifPresent(n -> problems.require(n > 0, "--eval-batch-size must be at least 1, it is " + n));
        blockSize.ifPresent(n -> problems.require(n > 2, "--block-size must be at least 3, it is " + n));
    }

    /** Whether the Trainer's examples are scored, not documents. */
    boolean isTrainer() {
        return examples.isPresent();
    }

    MaskingOptions masking() {
        return masking;
    }

    ExampleScoring scoring(int positionLimit, int batchTokens) {
        return new ExampleScoring(
                masking.task(LongTexts.FAIL), examples.orElseThrow(), size(positionLimit), batchTokens);
    }

    TrainerSummary summary(String model, int positionLimit) {
        String method = masking.definition() + " hf-compat=" + Labels.of(examples.orElseThrow()) + " block-size="
                + size(positionLimit);
        return new TrainerSummary(method, model, evalBatchSize.orElse(BATCH));
    }

    private int size(int positionLimit) {
        blockSize.filter(size -> size > positionLimit).ifPresent(size -> {
            throw ClozeException.user(
                    "cut examples of " + size + " tokens",
                    "the model reads " + positionLimit + " at once",
                    "lower --block-size");
        });
        int standard = examples.orElseThrow() == Examples.BLOCKS ? BLOCK : LONGEST_LINE;
        return Math.min(blockSize.orElse(standard), positionLimit);
    }
}
