package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Terminal;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cloze completion}. */
@CommandLine.Command(
        name = "completion",
        description = "Print a script that lets a shell complete commands and options of cloze.",
        footer = {"  source <(cloze completion bash)", "  cloze completion zsh > ~/.cloze-completion"})
final class CompletionCommand implements Command {
    private static final List<String> SHELLS = List.of("bash", "zsh");

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh: one script serves both.")
    private String shell = "";

    @Override
    public void check(Problems problems) {
        problems.require(SHELLS.contains(shell), "SHELL must be bash or zsh, it is " + shell);
    }

    @Override
    public void run(Terminal terminal) {
        CommandLine root = spec.root().commandLine();
        terminal.out().print(CompletionScript.of(AutoComplete.bash(root.getCommandName(), root)));
    }
}
