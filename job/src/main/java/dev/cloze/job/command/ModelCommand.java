package dev.cloze.job.command;

import picocli.CommandLine;

/** {@code cloze model}: what is known of models, without a job. */
@CommandLine.Command(
        name = "model",
        description = "Import models, look at them, share them, and remove them.",
        subcommands = {
            ModelImportCommand.class,
            ModelListCommand.class,
            ModelShowCommand.class,
            ModelExportCommand.class,
            ModelPushCommand.class,
            ModelRemoveCommand.class
        })
final class ModelCommand {}
