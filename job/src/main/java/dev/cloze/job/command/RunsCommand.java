package dev.cloze.job.command;

import picocli.CommandLine;

/** {@code cloze runs}: what is known of runs, without a job. */
@CommandLine.Command(
        name = "runs",
        description = "Look at runs.",
        subcommands = {RunsShowCommand.class})
final class RunsCommand {}
