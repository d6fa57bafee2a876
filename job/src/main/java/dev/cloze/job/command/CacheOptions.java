package dev.cloze.job.command;

import dev.cloze.job.models.Models;
import dev.cloze.job.run.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which cache of models. */
final class CacheOptions {
    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where imported models are kept (default: CLOZE_CACHE, or ~/.cache/cloze).")
    private Optional<Path> cache = Optional.empty();

    Models models(Terminal terminal) {
        return new Models(cache.orElseGet(CacheOptions::defaultCache).toAbsolutePath(), terminal::say);
    }

    private static Path defaultCache() {
        String chosen = System.getenv("CLOZE_CACHE");
        if (chosen != null && !chosen.isEmpty()) {
            return Path.of(chosen);
        }
        // Not user.home, which does not follow HOME.
        String home = Optional.ofNullable(System.getenv("HOME")).orElse(System.getProperty("user.home"));
        return Path.of(home, ".cache", "cloze");
    }
}
