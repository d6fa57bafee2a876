package dev.cloze.scoring;

import dev.cloze.scoring.Embedding.Pooling;
import dev.cloze.settings.Form;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.util.List;

/** How a text becomes vectors. */
public final class EmbedSettings {
    public static final Setting<Pooling> POOLING = Setting.of(
                    "pooling",
                    Form.choice("HOW", Pooling.class),
                    "mean: of all tokens, special ones included; cls: the first special token's; tokens, on the command line: a vector for each"
                            + " token")
            .withDefault(Pooling.MEAN);

    public static final SettingGroup GROUP = new SettingGroup("Options", "", List.of(POOLING));

    private EmbedSettings() {}

    public static Embedding task(SettingValues values) {
        return new Embedding(values.get(POOLING), EngineSettings.longTexts(values));
    }
}
