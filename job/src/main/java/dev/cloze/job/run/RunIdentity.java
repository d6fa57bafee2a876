package dev.cloze.job.run;

import dev.cloze.bundle.Bundle;
import dev.cloze.catalog.ModelChoice;
import dev.cloze.catalog.Versions;
import dev.cloze.job.files.Secrets;
import dev.cloze.onnx.OnnxJar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is run: the settings and the model that numbers depend on.
 *
 * @param command name of the subcommand
 * @param settings every option's value
 * @param model what scores
 */
public record RunIdentity(String command, Map<String, Object> settings, ModelChoice model) {
    /** Version of the results' layout. */
    private static final String SCHEMA = "1";

    /**
     * Settings that say where things are or how fast it goes. The corpus itself is compared file by file; what was chosen of a model,
     * its precision included, is in the digest of its bundle.
     */
    private static final Set<String> NOT_PART_OF_IDENTITY = Set.of(
            "bad-files",
            "batch-tokens",
            "cache",
            "calibration",
            "input",
            "json",
            "max-bad-rows",
            "merge",
            "model",
            "output",
            "output-format",
            "overwrite",
            "partitions",
            "precision",
            "refresh",
            "show");

    /** What runs had before there was the setting: with this value it is not part of the identity, so that they are resumed. */
    private static final Map<String, String> AS_BEFORE = Map.of("prepack", "auto");

    /** All that must be the same for chunks of two runs to belong together, by names that a user knows. */
    public Map<String, String> parts() {
        Map<String, String> parts = new TreeMap<>();
        parts.put("command", command);
        settings.forEach((name, value) -> {
            if (!NOT_PART_OF_IDENTITY.contains(name) && !String.valueOf(value).equals(AS_BEFORE.get(name))) {
                parts.put("--" + name, value == null ? "not given" : Secrets.identity(value));
            }
        });
        Bundle bundle = model.bundle();
        parts.put("the model", bundle.manifest().name() + " (" + bundle.digest() + ")");
        parts.put("the version of cloze", Versions.of("cloze"));
        parts.put("the version of ONNX Runtime", OnnxJar.version());
        return parts;
    }

    /** Every option's value, without secrets. */
    Map<String, Object> shownSettings() {
        Map<String, Object> shown = new LinkedHashMap<>();
        settings.forEach((name, value) -> shown.put(name, Secrets.shown(value)));
        return shown;
    }

    /** What every file of results says of itself. */
    public Map<String, String> footer() {
        Map<String, String> footer = new LinkedHashMap<>();
        footer.put("cloze.schema", SCHEMA);
        footer.put("cloze.version", Versions.of("cloze"));
        footer.put("cloze.command", command);
        footer.put("cloze.model.name", model.bundle().manifest().name());
        footer.put("cloze.model.digest", model.bundle().digest());
        footer.put("cloze.onnxruntime", OnnxJar.version());
        return footer;
    }
}
