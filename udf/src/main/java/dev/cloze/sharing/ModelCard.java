package dev.cloze.sharing;

import dev.cloze.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The page of a model as hubs show it: what it is, what it was made from, and how.
 *
 * @param manifest of the model
 */
record ModelCard(Manifest manifest) {
    String text() {
        List<String> lines = new ArrayList<>(List.of("---"));
        base().ifPresent(base -> lines.add("base_model: " + base));
        Optional.ofNullable(manifest.origin())
                .map(Manifest.Origin::licence)
                .ifPresent(licence -> lines.add("license: " + licence));
        lines.addAll(List.of("library_name: transformers", "pipeline_tag: fill-mask", "tags:", "- cloze", "---", ""));
        lines.addAll(List.of("# " + manifest.name(), ""));
        lines.add("A masked language model of the family " + manifest.family() + ", written by Cloze.");
        Optional.ofNullable(manifest.lineage()).ifPresent(lineage -> lines.addAll(adaptation(lineage)));
        return String.join("\n", lines) + "\n";
    }

    /** The hub's name of the model it was made from, where that is known. */
    private Optional<String> base() {
        return Optional.ofNullable(manifest.origin())
                .map(Manifest.Origin::source)
                .filter(source -> source.startsWith("hf:"))
                .map(source -> source.substring("hf:".length()));
    }

    private static List<String> adaptation(Manifest.Lineage lineage) {
        List<String> lines = new ArrayList<>(List.of("", "## Adaptation", ""));
        lines.add(String.format(
                Locale.ROOT, "Adapted from %s to a corpus in %,d steps.", lineage.base(), lineage.steps()));
        if (lineage.lossBefore() != null) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Perplexity of held-out blocks: %.2f before, %.2f after.",
                    Math.exp(lineage.lossBefore()),
                    Math.exp(lineage.lossAfter())));
        }
        lines.addAll(List.of("", "| setting | value |", "|---|---|"));
        lineage.settings().forEach((name, value) -> lines.add("| " + name + " | " + value + " |"));
        lines.add("| sha256 of the base model | " + lineage.digest() + " |");
        lines.add("| sha256 of the tokens | " + lineage.corpus() + " |");
        return lines;
    }
}
