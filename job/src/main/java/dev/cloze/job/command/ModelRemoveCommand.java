package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cloze model remove}. */
@CommandLine.Command(name = "remove", description = "Remove a model from the cache.")
final class ModelRemoveCommand implements Command {
    @Parameters(index = "0", paramLabel = "NAME", description = "What --model calls it; see `cloze model list`.")
    private String name;

    @Mixin
    private CacheOptions cache;

    @Override
    public void check(Problems problems) {
        problems.require(name != null && !name.isEmpty(), "NAME names a model of the cache");
    }

    @Override
    public void run(Terminal terminal) {
        cache.models(terminal).remove(name);
        terminal.say("removed model " + name);
    }
}
