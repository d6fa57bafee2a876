package dev.cloze.job.command;

import dev.cloze.failure.ClozeException;
import dev.cloze.failure.Problems;
import dev.cloze.job.run.ExampleScoring;
import dev.cloze.job.summary.TrainerSummary;
import dev.cloze.mask.LongTexts;
import dev.cloze.scoring.Examples;
import dev.cloze.scoring.MaskedCrossEntropy;
import dev.cloze.scoring.MaskedCrossEntropy.Hiding;
import dev.cloze.scoring.PerplexitySettings.Method;
import dev.cloze.settings.Labels;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How {@code --method mlm} draws tokens, and how the Python Trainer would group them. */
@Section("--method mlm")
final class MaskedEvaluationOptions {
    private static final double SHARE = 0.15;
    private static final long SEED = 42;
    private static final int BLOCK = 128;
    private static final int LONGEST_LINE = 1024;
    private static final int BATCH = 8;

    @Option(
            names = "--mask-share",
            paramLabel = "SHARE",
            description = "mlm: share of the tokens that is drawn (default: " + SHARE + ").")
    private Optional<Double> share = Optional.empty();

    @Option(
            names = "--masking",
            paramLabel = "HOW",
            description =
                    "mlm: bert, of the drawn tokens 80 %% become masks, 10 %% another token, 10 %% stay; mask, all"
                            + " become masks (default: bert).")
    private Optional<Hiding> hiding = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "mlm: another seed draws other tokens (default: " + SEED + ").")
    private Optional<Long> seed = Optional.empty();

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
        boolean given = Stream.of(share, hiding, seed, examples, blockSize, evalBatchSize)
                .anyMatch(Optional::isPresent);
        problems.require(
                method == Method.MLM || !given,
                "--mask-share, --masking, --seed, --hf-compat, --block-size and --eval-batch-size are for --method mlm");
        share.ifPresent(value -> problems.require(
                value > 0 && value <= 1, "--mask-share must be above 0 and at most 1, it is " + value));
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

    MaskedCrossEntropy task(LongTexts longTexts) {
        return new MaskedCrossEntropy(share.orElse(SHARE), hiding.orElse(Hiding.BERT), seed.orElse(SEED), longTexts);
    }

    /** What the figures are; the seed changes which tokens are drawn, not what the figures mean. */
    String method() {
        return "mlm share=" + share.orElse(SHARE) + " masking=" + Labels.of(hiding.orElse(Hiding.BERT));
    }

    ExampleScoring scoring(int positionLimit, int batchTokens) {
        return new ExampleScoring(task(LongTexts.FAIL), examples.orElseThrow(), size(positionLimit), batchTokens);
    }

    TrainerSummary summary(String model, int positionLimit) {
        String method =
                method() + " hf-compat=" + Labels.of(examples.orElseThrow()) + " block-size=" + size(positionLimit);
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
