package dev.cloze.scoring;

import dev.cloze.bundle.Bundle;
import dev.cloze.settings.Form;
import dev.cloze.settings.InvalidValueException;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import dev.cloze.text.SubwordTokenizer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** How masks are filled. */
public final class FillMaskSettings {
    private static final int DEFAULT_TOP_K = 5;

    public static final Setting<Integer> TOP_K = Setting.of(
                    "top-k", Form.count(FillMask.MOST_TOP_K), "Candidates of each mask")
            .withDefaultText(DEFAULT_TOP_K + "; all targets in word mode");

    public static final Setting<List<String>> TARGETS = Setting.of(
            "targets",
            Form.commaSeparated("WORD", "words", FillMaskSettings::areTargets),
            "Only these may be filled in. Repeatable, or with commas");

    public static final Setting<Targets.Mode> TARGETS_MODE = Setting.of(
                    "targets-mode",
                    Form.choice("MODE", Targets.Mode.class),
                    "word: whole words of any number of pieces, scored as one; hf: the rule of the Python pipeline, which"
                            + " takes a word's first piece")
            .withDefault(Targets.Mode.WORD);

    public static final Setting<Boolean> CLEAN_UP = Setting.of(
                    "clean-up", Form.flag(), "Tidy blanks before punctuation in decoded text, or not")
            .withDefaultText("as the model's tokenizer is set up");

    public static final SettingGroup GROUP =
            new SettingGroup("Options", "", List.of(TOP_K, TARGETS, TARGETS_MODE, CLEAN_UP));

    private FillMaskSettings() {}

    private static boolean areTargets(List<String> words) {
        if (words.size() > Targets.MOST) {
            throw new InvalidValueException("must be at most " + Targets.MOST + " words, there are " + words.size());
        }
        if (words.isEmpty()) {
            throw new InvalidValueException("names no word");
        }
        return true;
    }

    /** The task for the model in {@code bundle}; {@code warnings} gets targets that are not taken as they are. */
    public static FillMask task(SettingValues values, Bundle bundle, Consumer<String> warnings) {
        Optional<List<String>> targets = values.given(TARGETS);
        Targets.Mode mode = values.get(TARGETS_MODE);
        int topK = mode == Targets.Mode.WORD ? targets.map(List::size).orElse(DEFAULT_TOP_K) : DEFAULT_TOP_K;
        boolean tidy = values.given(CLEAN_UP).orElse(bundle.manifest().cleanUp());
        return new FillMask(
                values.given(TOP_K).orElse(topK),
                targets.map(words -> targets(words, mode, bundle, warnings)).orElseGet(Targets::any),
                EngineSettings.longTexts(values),
                tidy);
    }

    private static Targets targets(List<String> words, Targets.Mode mode, Bundle bundle, Consumer<String> warnings) {
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(bundle.file(Bundle.TOKENIZER))) {
            return mode == Targets.Mode.WORD
                    ? Targets.words(words, tokenizer)
                    : Targets.firstPieces(words, tokenizer, warnings);
        }
    }
}
