package dev.cloze.job.command;

import picocli.CommandLine;

/** {@code cloze model}: what is known of models, without a job. */
@CommandLine.Command(
        name = "model",
        description = "Import models and look at them.",
        subcommands = {ModelImportCommand.class, ModelShowCommand.class})
final class ModelCommand {}
