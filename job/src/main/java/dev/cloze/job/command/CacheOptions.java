package dev.cloze.job.command;

import dev.cloze.catalog.Models;
import dev.cloze.job.terminal.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which cache of models. */
@Section(HelpPage.MODEL)
final class CacheOptions {
    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where imported models are kept (default: CLOZE_CACHE, or ~/.cache/cloze).")
    private Optional<Path> cache = Optional.empty();

    Models models(Terminal terminal) {
        return cache.map(directory -> new Models(directory.toAbsolutePath(), terminal))
                .orElseGet(() -> Models.inDefaultCache(terminal));
    }
}
