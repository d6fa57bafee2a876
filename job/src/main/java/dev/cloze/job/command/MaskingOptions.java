package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.mask.LongTexts;
import dev.cloze.scoring.MaskedCrossEntropy;
import dev.cloze.scoring.MaskedCrossEntropy.Hiding;
import dev.cloze.settings.Labels;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How {@code --method mlm} draws tokens. */
@Section(MaskingOptions.SECTION)
final class MaskingOptions {
    static final String SECTION = "--method mlm";

    private static final double SHARE = 0.15;
    private static final long SEED = 42;

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

    boolean areGiven() {
        return Stream.of(share, hiding, seed).anyMatch(Optional::isPresent);
    }

    void checkShare(Problems problems) {
        share.ifPresent(value -> problems.require(
                value > 0 && value <= 1, "--mask-share must be above 0 and at most 1, it is " + value));
    }

    MaskedCrossEntropy task(LongTexts longTexts) {
        return new MaskedCrossEntropy(share.orElse(SHARE), hiding.orElse(Hiding.BERT), seed.orElse(SEED), longTexts);
    }

    /** What the figures are; the seed changes which tokens are drawn, not what the figures mean. */
    String definition() {
        return "mlm share=" + share.orElse(SHARE) + " masking=" + Labels.of(hiding.orElse(Hiding.BERT));
    }
}
