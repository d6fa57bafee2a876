package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.catalog.ModelChoice;
import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.sharing.TransformersDirectory;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cloze model export}. */
@CommandLine.Command(
        name = "export",
        description = "Write a masked model as a directory that transformers loads.",
        footer = {"  cloze model export bert-of-manuals --output for-transformers"})
final class ModelExportCommand implements Command {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name, hf:organisation/name, or the directory of a bundle.")
    private String name;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where model.safetensors, config.json, the tokenizer and a model card will be.")
    private Optional<Path> output = Optional.empty();

    @Mixin
    private CacheOptions cache;

    @Override
    public void check(Problems problems) {
        problems.require(output.isPresent(), "there is no --output: name a directory for the files");
    }

    @Override
    public void run(Terminal terminal) {
        Bundle bundle = ModelChoice.open(name, cache.models(terminal));
        bundle.verify();
        TransformersDirectory.write(bundle, output.orElseThrow());
        terminal.print(output.orElseThrow().toString());
    }
}
