package dev.cloze.spark.call;

import dev.cloze.augment.AugmentSettings;
import dev.cloze.failure.NearMiss;
import dev.cloze.failure.Problems;
import dev.cloze.scoring.EmbedSettings;
import dev.cloze.scoring.Embedding.Pooling;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.scoring.FillMaskSettings;
import dev.cloze.scoring.PerplexitySettings;
import dev.cloze.scoring.PerplexitySettings.Method;
import dev.cloze.settings.Form.Kind;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import dev.cloze.settings.SettingValues.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What functions take beside their arguments: settings of Spark under {@code spark.cloze.}, named as the options of the commands. */
public enum SessionSettings {
    FILL_MASK(FillMaskSettings.GROUP),
    PERPLEXITY(PerplexitySettings.GROUP.with(PerplexitySettings.METHOD.withForm(PerplexitySettings.METHOD
            .form()
            .limitedTo("one of pll, pll-word, causal", method -> method != Method.MLM)))),
    AUGMENT(AugmentSettings.GROUPS.stream()
            .map(group -> group.with(AugmentSettings.STOPWORDS_BY_NAME))
            .toArray(SettingGroup[]::new)),
    EMBED(EmbedSettings.GROUP.with(EmbedSettings.POOLING.withForm(EmbedSettings.POOLING
            .form()
            .limitedTo(
                    "mean or cls (a vector for each token is what bin/cloze embed writes)",
                    pooling -> pooling != Pooling.TOKENS))));

    public static final String PREFIX = "spark.cloze.";

    private final List<SettingGroup> groups;

    SessionSettings(SettingGroup... own) {
        groups = Stream.concat(Stream.of(EngineSettings.MODEL_GROUP, EngineSettings.ENGINE_GROUP), Stream.of(own))
                .toList();
    }

    /** Settings of the model and the engine, then those of the task. */
    public List<SettingGroup> groups() {
        return groups;
    }

    /** The name of a setting in a session. */
    public static String key(SettingGroup group, Setting<?> setting) {
        return PREFIX + group.key(setting);
    }

    /** The same for a manual: of pairs, with a place for the key of each. */
    public static String shown(SettingGroup group, Setting<?> setting) {
        return key(group, setting) + (setting.form().kind() == Kind.PAIRS ? ".KEY" : "");
    }

    /** The values among {@code all}; fails when one of them is wrong. Wrong values of other tasks do not matter. */
    public SettingValues of(Map<String, String> all) {
        Problems problems = new Problems();
        Set<String> unknown = new TreeSet<>();
        all.keySet().stream().filter(key -> key.startsWith(PREFIX)).forEach(unknown::add);
        List<Setting<?>> settings = new ArrayList<>();
        Map<String, String> keys = new HashMap<>();
        Map<String, Written> written = new HashMap<>();
        for (SettingGroup group : groups) {
            for (Setting<?> setting : group.settings()) {
                String key = key(group, setting);
                List<String> values = setting.form().kind() == Kind.PAIRS ? pairs(key + ".", all) : value(key, all);
                if (!values.isEmpty()) {
                    written.put(setting.name(), new Written(key, values));
                }
                settings.add(setting);
                keys.put(setting.name(), key);
            }
        }
        SettingValues values = SettingValues.read(settings, written, setting -> keys.get(setting.name()), problems);
        EngineSettings.check(values, problems);
        check(values, problems);
        unknown.removeIf(this::isOfAnyTask);
        unknown.forEach(key -> problems.add(key + " is no setting" + nearMiss(key)));
        problems.report("read the settings " + PREFIX + "*", "known are " + String.join(", ", known()));
        return values;
    }

    private void check(SettingValues values, Problems problems) {
        switch (this) {
            case PERPLEXITY -> PerplexitySettings.check(values, problems);
            case AUGMENT -> AugmentSettings.check(values, problems);
            case FILL_MASK, EMBED -> {}
        }
    }

    private static List<String> value(String key, Map<String, String> all) {
        return all.containsKey(key) ? List.of(all.get(key)) : List.of();
    }

    private static List<String> pairs(String prefix, Map<String, String> all) {
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> entry.getKey().substring(prefix.length()) + "=" + entry.getValue())
                .sorted()
                .toList();
    }

    private Set<String> known() {
        return keys(Stream.of(this));
    }

    private static Set<String> keys(Stream<SessionSettings> tasks) {
        Set<String> keys = new TreeSet<>();
        tasks.flatMap(task -> task.groups.stream())
                .forEach(group -> group.settings().forEach(setting -> keys.add(key(group, setting))));
        return keys;
    }

    /** Mistakes within a name space of another task are of that task. */
    private boolean isOfAnyTask(String key) {
        String pairs = key(EngineSettings.ENGINE_GROUP, EngineSettings.DEVICE_OPTION) + ".";
        boolean isForeign = Stream.of(values())
                .flatMap(task -> task.groups.stream())
                .filter(group -> !group.prefix().isEmpty() && !groups.contains(group))
                .anyMatch(group -> key.startsWith(PREFIX + group.prefix()));
        return isForeign || key.startsWith(pairs) || keys(Stream.of(values())).contains(key);
    }

    private static String nearMiss(String key) {
        return NearMiss.of(key, keys(Stream.of(values())))
                .map(name -> ", did you mean " + name + "?")
                .orElse("");
    }
}
