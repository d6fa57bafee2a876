package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.catalog.ModelChoice;
import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cloze model show}. */
@CommandLine.Command(
        name = "show",
        description = "Show a model's bundle, and check that it is undamaged.",
        footer = {"  cloze model show bert-base-uncased"})
final class ModelShowCommand implements Command {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name, hf:organisation/name, or the directory of a bundle.")
    private String name;

    @Mixin
    private CacheOptions cache;

    @Override
    public void check(Problems problems) {
        // One name is always well-formed.
    }

    @Override
    public void run(Terminal terminal) {
        Bundle bundle = ModelChoice.open(name, cache.models(terminal));
        bundle.verify();
        Manifest manifest = bundle.manifest();
        List<List<String>> lines = new ArrayList<>(List.of(
                List.of("name", manifest.name()),
                List.of("family", manifest.family()),
                List.of("directory", bundle.directory().toString()),
                List.of("digest", bundle.digest()),
                List.of("kind", manifest.kind().name().toLowerCase(Locale.ROOT)),
                manifest.kind() == Manifest.Kind.MASKED
                        ? List.of("mask token", manifest.maskToken())
                        : List.of("start token", String.valueOf(manifest.startToken())),
                List.of("position limit", Integer.toString(manifest.positionLimit())),
                List.of("vocabulary size", Integer.toString(manifest.vocabularySize())),
                List.of("precision", manifest.precision()),
                List.of("padding", padding(manifest))));
        Optional.ofNullable(manifest.origin()).ifPresent(origin -> lines.addAll(origin(origin)));
        Optional.ofNullable(manifest.calibration()).ifPresent(made -> lines.addAll(calibration(made)));
        manifest.files()
                .forEach((file, entry) ->
                        lines.add(List.of(file, String.format(Locale.ROOT, "%,d bytes", entry.bytes()))));
        Table table = new Table(List.of(Table.Column.text("property"), Table.Column.text("value")));
        terminal.out().print(terminal.render(table, lines));
    }

    /** What other rows of a batch do to a row. */
    private static String padding(Manifest manifest) {
        return manifest.sensitivity()
                .map(rows -> switch (rows) {
                    case SENSITIVE -> "sensitive: only texts of one length are computed together";
                    case ALONE -> "sensitive: texts are computed one by one";
                })
                .orElse("exact");
    }

    private static List<List<String>> calibration(Manifest.Calibration made) {
        return List.of(
                List.of("made of", made.base() + " (" + made.digest() + ")"),
                List.of("calibrated on", made.texts() + " texts (" + made.sample() + ")"));
    }

    private static List<List<String>> origin(Manifest.Origin origin) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("source", origin.source()));
        lines.add(List.of("revision", origin.revision()));
        Optional.ofNullable(origin.variant()).ifPresent(variant -> lines.add(List.of("variant", variant)));
        lines.add(List.of(
                "licence", Optional.ofNullable(origin.licence()).orElse("not named by its authors: see its page")));
        return lines;
    }
}
