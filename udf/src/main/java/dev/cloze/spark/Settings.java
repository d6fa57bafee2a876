package dev.cloze.spark;

import dev.cloze.augment.Amount;
import dev.cloze.augment.Augment;
import dev.cloze.augment.Capitals;
import dev.cloze.augment.Change;
import dev.cloze.augment.Checks;
import dev.cloze.augment.Rules;
import dev.cloze.augment.Sampling;
import dev.cloze.augment.Stopwords;
import dev.cloze.augment.Supply;
import dev.cloze.batch.TokenBudgetBatcher;
import dev.cloze.bundle.Bundle;
import dev.cloze.mask.LongTexts;
import dev.cloze.onnx.DeviceRequest;
import dev.cloze.scoring.CausalCrossEntropy;
import dev.cloze.scoring.CausalCrossEntropy.Start;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.Embedding.Pooling;
import dev.cloze.scoring.PseudoLogLikelihood;
import dev.cloze.scoring.PseudoLogLikelihood.Hidden;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.scoring.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What functions take beside their arguments: settings of Spark under {@code spark.cloze.}, named as the options of the commands.
 *
 * @param model a name, a directory or a URL
 * @param device where it computes
 * @param batchTokens tokens of a batch, padding included; changes no number
 * @param longTexts what happens to texts longer than the model
 * @param method what a perplexity is
 * @param bos what stands before a text, of a causal model
 * @param pooling how a text becomes one vector
 * @param targetsMode how targets are understood
 * @param cleanUp whether decoded text is tidied
 * @param augment how candidates are made
 */
record Settings(
        String model,
        DeviceRequest device,
        int batchTokens,
        LongTexts longTexts,
        Method method,
        Start bos,
        Pooling pooling,
        Targets.Mode targetsMode,
        Optional<Boolean> cleanUp,
        Augment augment) {
    static final String PREFIX = "spark.cloze.";
    private static final String DEVICE = "device";

    /** What a perplexity is. */
    enum Method {
        PLL,
        PLL_WORD,
        CAUSAL
    }

    /** Those among {@code all}; fails when one of them is wrong. */
    static Settings of(Map<String, String> all) {
        SettingsReader reader = new SettingsReader(PREFIX, all);
        LongTexts longTexts = reader.choice("long", LongTexts.WINDOW);
        Settings settings = new Settings(
                reader.text("model", "bert-base-uncased"),
                device(reader),
                reader.count("batch-tokens", TokenBudgetBatcher.DEFAULT, TokenBudgetBatcher.MOST),
                longTexts,
                reader.choice("method", Method.PLL),
                reader.choice("bos", Start.ADD),
                reader.choice("pooling", Pooling.MEAN),
                reader.choice("targets-mode", Targets.Mode.WORD),
                reader.flag("clean-up"),
                augment(reader, longTexts));
        reader.require(
                settings.pooling != Pooling.TOKENS,
                PREFIX + "pooling must be mean or cls: a vector for each token is what bin/cloze embed writes");
        reader.finish();
        return settings;
    }

    private static DeviceRequest device(SettingsReader reader) {
        String wish = reader.text(
                DEVICE, "auto", DeviceRequest::isWellFormed, "auto, cpu, cuda, tensorrt, or a GPU such as cuda:0");
        return DeviceRequest.of(wish, reader.group("device-option"));
    }

    private static Augment augment(SettingsReader reader, LongTexts longTexts) {
        Amount amount = Amount.DEFAULT;
        double share = reader.number("augment.share", amount.share(), x -> x >= 0 && x <= 1, "between 0 and 1");
        int min = reader.count("augment.min", amount.min(), Amount.MOST);
        int max = reader.count("augment.max", Math.max(min, amount.max()), Amount.MOST);
        reader.require(max >= min, PREFIX + "augment.max must be at least augment.min, " + min + ", it is " + max);
        double similarity =
                reader.number("augment.min-similarity", Double.NaN, x -> !(x < -1 || x > 1), "between -1 and 1");
        boolean scores = reader.flag("augment.score-candidates").orElse(false);
        return new Augment(
                change(reader),
                new Amount(share, min, Math.max(min, max)),
                rules(reader),
                sampling(reader),
                Checks.of(
                        List.of(),
                        Double.isNaN(similarity) ? OptionalDouble.empty() : OptionalDouble.of(similarity),
                        scores ? Checks.Figures.PLL_CHANGE : Checks.Figures.NONE),
                new Supply(
                        reader.count("augment.variants", Supply.DEFAULT.variants(), Supply.MOST_VARIANTS),
                        Supply.DEFAULT.originals(),
                        reader.seed("augment.seed", Supply.DEFAULT.seed())),
                longTexts);
    }

    private static Rules rules(SettingsReader reader) {
        List<String> lists = List.of(reader.text(
                        "augment.stopwords",
                        Stopwords.AUTO,
                        text -> Arrays.stream(text.split(",")).allMatch(Stopwords::isKnown),
                        "auto, none, or some of " + String.join(", ", Stopwords.languages())
                                + " with commas between them")
                .split(","));
        return new Rules(
                Stopwords.of(lists),
                lists.contains(Stopwords.AUTO) ? Rules.Language.OF_TEXT : Rules.Language.NONE,
                reader.choice("augment.names", Rules.DEFAULT.names()),
                reader.flag("augment.allow-repeats").orElse(false) ? Rules.Repeats.ALLOWED : Rules.Repeats.REFUSED,
                List.of(),
                reader.count("augment.min-length", 1, Rules.MOST_LENGTH),
                Rules.SHIELDED);
    }

    private static Change change(SettingsReader reader) {
        Change usual = Change.DEFAULT;
        Change.Action action = reader.choice("augment.action", usual.action());
        Change.Unit unit = reader.choice("augment.unit", usual.unit());
        int pieces = reader.count("augment.pieces", usual.mostPieces(), Change.MOST_PIECES);
        reader.require(
                unit == Change.Unit.WORD || action == Change.Action.REPLACE && pieces == 1,
                PREFIX + "augment.unit piece replaces one piece by one");
        return new Change(
                action,
                unit,
                reader.choice("augment.mode", usual.mode()),
                usual.fewestPieces(),
                pieces,
                reader.flag("augment.keep-case").orElse(true) ? Capitals.KEEP : Capitals.OF_MODEL);
    }

    private static Sampling sampling(SettingsReader reader) {
        Sampling usual = Sampling.DEFAULT;
        return new Sampling(
                reader.count("augment.top-k", usual.topK(), Sampling.MOST_TOP_K),
                reader.number("augment.top-p", usual.topP(), x -> x > 0 && x <= 1, "above 0 and at most 1"),
                reader.number("augment.temperature", usual.temperature(), x -> x > 0 && Double.isFinite(x), "above 0"),
                reader.number(
                        "augment.min-probability", usual.minProbability(), x -> x >= 0 && x <= 1, "between 0 and 1"),
                reader.flag("augment.greedy").orElse(false) ? Sampling.Choice.GREEDY : Sampling.Choice.DRAW);
    }

    /** The task whose figures a perplexity is made of; fails when the model in {@code bundle} is not fit for it. */
    ScoringTask<DocumentScore> score(Bundle bundle) {
        return switch (method) {
            case PLL -> new PseudoLogLikelihood(Hidden.TOKEN, longTexts);
            case PLL_WORD -> new PseudoLogLikelihood(Hidden.WORD_LEFT_TO_RIGHT, longTexts);
            case CAUSAL -> CausalCrossEntropy.of(bos, longTexts, bundle);
        };
    }
}
