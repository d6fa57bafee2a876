package dev.cloze.scoring;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.Problems;
import dev.cloze.mask.LongTexts;
import dev.cloze.scoring.CausalCrossEntropy.Start;
import dev.cloze.scoring.PseudoLogLikelihood.Hidden;
import dev.cloze.settings.Form;
import dev.cloze.settings.Labels;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.util.List;

/** What a perplexity is. */
public final class PerplexitySettings {
    /** Tokens of the longest windows. */
    private static final int LARGEST_STRIDE = 8192;

    /** How the tokens of a text are scored. */
    public enum Method {
        PLL,
        PLL_WORD,
        MLM,
        CAUSAL
    }

    public static final Setting<Method> METHOD = Setting.of(
                    "method",
                    Form.choice("METHOD", Method.class),
                    "pll: each token is masked in turn; pll-word: together with the later pieces of its word (PLL-word-l2r);"
                            + " mlm, on the command line: a random share of the tokens is masked; causal: each token is predicted from those before"
                            + " it")
            .withDefault(Method.PLL);

    public static final Setting<Start> BOS = Setting.of(
                    "bos",
                    Form.choice("HOW", Start.class),
                    "causal: add, the model's BOS token (or else EOS) stands before every text, so that its first token is"
                            + " scored; none")
            .withDefaultText("add");

    public static final Setting<Integer> PLL_STRIDE = Setting.of(
                    "pll-stride",
                    Form.count(LARGEST_STRIDE),
                    "pll: an approximation, in which every N-th token of a text is masked at once, and the model reads the text N"
                            + " times; from 2 on")
            .withDefaultText("each token is masked alone");

    public static final Setting<Boolean> TOKENS = Setting.flag("tokens", "Write the figure of every token, too");

    /** What the figures of a document depend on. */
    public static final SettingGroup METHOD_GROUP = new SettingGroup("Options", "", List.of(METHOD, PLL_STRIDE, BOS));

    public static final SettingGroup GROUP = new SettingGroup("Options", "", List.of(METHOD, PLL_STRIDE, BOS, TOKENS));

    private PerplexitySettings() {}

    /** Adds what is wrong with the settings together. */
    public static void check(SettingValues values, Problems problems) {
        problems.require(
                values.given(BOS).isEmpty() || values.get(METHOD) == Method.CAUSAL,
                values.name(BOS) + " is for " + values.name(METHOD) + " causal");
        problems.require(
                values.given(PLL_STRIDE).isEmpty() || values.get(METHOD) == Method.PLL,
                values.name(PLL_STRIDE) + " is for " + values.name(METHOD) + " pll");
        problems.require(
                values.given(PLL_STRIDE).orElse(2) >= 2,
                values.name(PLL_STRIDE) + " must be at least 2, it is 1: all tokens would be masked at once");
    }

    /** What the figures are called; an approximation has a name of its own. Of {@link Method#PLL} and {@link Method#PLL_WORD}. */
    public static String definition(SettingValues values) {
        String method = Labels.of(values.get(METHOD));
        return values.given(PLL_STRIDE)
                .map(stride -> method + "-stride-" + stride)
                .orElse(method);
    }

    /** What stands before a text of a causal model. */
    public static Start start(SettingValues values) {
        return values.given(BOS).orElse(Start.ADD);
    }

    /** The task, which for {@link Method#MLM} needs more than these settings; fails when the model in {@code bundle} is not fit for it. */
    public static ScoringTask<DocumentScore> task(SettingValues values, Bundle bundle) {
        LongTexts longTexts = EngineSettings.longTexts(values);
        return switch (values.get(METHOD)) {
            case PLL ->
                values.given(PLL_STRIDE)
                        .<ScoringTask<DocumentScore>>map(stride -> new StridedPseudoLogLikelihood(stride, longTexts))
                        .orElseGet(() -> new PseudoLogLikelihood(Hidden.TOKEN, longTexts));
            case PLL_WORD -> new PseudoLogLikelihood(Hidden.WORD_LEFT_TO_RIGHT, longTexts);
            case CAUSAL -> CausalCrossEntropy.of(start(values), longTexts, bundle);
            case MLM -> throw new IllegalArgumentException("mlm draws tokens, see MaskedCrossEntropy");
        };
    }
}
