package dev.cloze.job.command;

import dev.cloze.failure.NearMiss;
import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Terminal;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cloze help}. */
@CommandLine.Command(
        name = "help",
        description = "Show the help of a command.",
        footer = {"  cloze help fill-mask", "  cloze help model import"})
final class HelpCommand implements Command {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "A command, and one of its own commands (default: cloze itself).")
    private List<String> path = List.of();

    private CommandLine wanted;

    @Override
    public void check(Problems problems) {
        wanted = spec.root().commandLine();
        for (String name : path) {
            CommandLine next = wanted.getSubcommands().get(name);
            if (next == null) {
                problems.add(unknown(name));
                return;
            }
            wanted = next;
        }
    }

    private String unknown(String name) {
        if (wanted.getSubcommands().isEmpty()) {
            return "the command " + wanted.getCommandSpec().qualifiedName() + " has no commands of its own";
        }
        return "there is no command " + name
                + NearMiss.of(name, wanted.getSubcommands().keySet())
                        .map(near -> ", did you mean " + near + "?")
                        .orElseGet(() -> ", there are "
                                + String.join(", ", wanted.getSubcommands().keySet()));
    }

    @Override
    public void run(Terminal terminal) {
        wanted.usage(terminal.out());
    }
}
