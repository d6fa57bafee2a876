package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.StoredModel;
import dev.cloze.catalog.Models;
import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cloze model list}. */
@CommandLine.Command(name = "list", description = "List the models that --model knows by name.")
final class ModelListCommand implements Command {
    private static final double MEGABYTE = 1e6;
    private static final int SHORT = 12;

    @Mixin
    private CacheOptions cache;

    @Override
    public void check(Problems problems) {
        // Nothing can be wrong.
    }

    @Override
    public void run(Terminal terminal) {
        Models models = cache.models(terminal);
        List<List<String>> lines = new ArrayList<>();
        models.list().forEach(model -> lines.add(line(model)));
        models.fetchable()
                .forEach(name -> lines.add(List.of(name, "", "", "", "", "not here yet: fetched at its first use")));
        Table table = new Table(List.of(
                Table.Column.text("name"),
                Table.Column.text("kind"),
                Table.Column.text("family"),
                Table.Column.number("size"),
                Table.Column.text("digest"),
                Table.Column.text("where")));
        terminal.out().print(table.render(lines));
    }

    private static List<String> line(StoredModel model) {
        Optional<Bundle> bundle = model.bundle();
        return List.of(
                model.name(),
                text(bundle, found -> found.manifest().kind().name().toLowerCase(Locale.ROOT)),
                text(bundle, found -> found.manifest().family()),
                text(
                        bundle,
                        found -> String.format(
                                Locale.ROOT, "%,.1f MB", found.manifest().bytes() / MEGABYTE)),
                text(bundle, found -> found.digest().substring(0, SHORT)),
                model.problem()
                        .map(problem -> "damaged: " + problem)
                        .orElse(model.directory().toString()));
    }

    private static String text(Optional<Bundle> bundle, Function<Bundle, String> text) {
        return bundle.map(text).orElse("");
    }
}
