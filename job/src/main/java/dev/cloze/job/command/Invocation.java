package dev.cloze.job.command;

import dev.cloze.catalog.Versions;
import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FSError;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command line: flags and settings together, every mistake found before anything runs. */
public final class Invocation {
    /** As the library wants it. */
    private static final int NARROWEST = 55;

    private static final String HIDDEN = "(not shown)";

    private final CommandLine root;
    private final Terminal terminal;

    private Invocation(Terminal terminal) {
        this.terminal = terminal;
        this.root = commandLine();
        root.setCaseInsensitiveEnumValuesAllowed(true);
        terminal.width().ifPresent(width -> root.setUsageHelpWidth(Math.max(width, NARROWEST)));
        root.setOut(terminal.out());
        // An argument is what it is: no name of a file with arguments, and nothing is taken out of it.
        root.setExpandAtFiles(false);
        root.setTrimQuotes(false);
        // Its warnings would pass the terminal by.
        CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
        collectErrors(root);
    }

    /** All commands with their options and help. */
    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Root());
        root.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        SettingOptions.addTo(root);
        HelpPage.arrange(root);
        return root;
    }

    /** {@code cloze}: every capability is a line here. */
    @CommandLine.Command(
            name = "cloze",
            description = "Scores corpora with masked and causal language models on Apache Spark and ONNX Runtime.",
            mixinStandardHelpOptions = true,
            scope = CommandLine.ScopeType.INHERIT,
            versionProvider = Version.class,
            footer = {
                "  cloze fill-mask --text 'The capital of France is [MASK].'",
                "  cloze perplexity --input articles.parquet --text-column body --output scores",
                "  cloze --master spark://host:7077 fill-mask --input hdfs:///articles \\",
                "      --output hdfs:///scores",
                "  cloze help fill-mask"
            },
            subcommands = {
                FillMaskCommand.class,
                PerplexityCommand.class,
                EmbedCommand.class,
                AugmentCommand.class,
                AdaptCommand.class,
                AuditCommand.class,
                RunsCommand.class,
                DoctorCommand.class,
                ModelCommand.class,
                CompletionCommand.class,
                HelpCommand.class
            })
    private static final class Root {}

    private static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"cloze " + Versions.of("cloze")};
        }
    }

    /** Runs a command line; returns the exit code and never throws. */
    public static int run(String[] args, Terminal terminal) {
        try {
            return new Invocation(terminal).run(args);
        } catch (Exception | VirtualMachineError | LinkageError | FSError e) {
            return FailureReport.report(e, terminal);
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    private int run(String[] args) {
        if (args.length == 0) {
            root.usage(terminal.out());
            return 0;
        }
        ParseResult flags = root.parseArgs(args);
        if (CommandLine.printHelpIfRequested(flags)) {
            return 0;
        }
        ArgumentEncoding.ofThisProcess().check(terminal);
        Problems problems = new Problems();
        CommandSpec command = last(flags).commandSpec();
        ParseErrors errors = new ParseErrors(new SettingFlags());
        ParseResult complete = flags;
        if (command.userObject() instanceof Command chosen) {
            SettingFlags settings = SettingFlags.of(last(flags), problems, terminal);
            errors = new ParseErrors(settings);
            complete = root.parseArgs(with(settings.flags(), args));
            OptionValues.secrets(command).forEach(secret -> terminal.keepSecret(secret, HIDDEN));
            chosen.use(SettingOptions.values(command, settings, problems));
            chosen.check(problems);
        }
        List<String> mistakes = errors.messages(complete, args);
        mistakes.forEach(problems::add);
        problems.require(
                command.userObject() instanceof Command || !mistakes.isEmpty(),
                "there is no command, name one of "
                        + String.join(", ", command.subcommands().keySet()));
        problems.report("run " + commandName(command), "see `" + command.qualifiedName() + " --help`");
        return ((Command) command.userObject()).judge(terminal);
    }

    /** What stands behind {@code --} is no option any more. */
    private static String[] with(List<String> flags, String[] args) {
        List<String> all = new ArrayList<>(Arrays.asList(args));
        int end = all.indexOf("--");
        all.addAll(end < 0 ? all.size() : end, flags);
        return all.toArray(String[]::new);
    }

    /** Without the program's own name, where there is more. */
    private static String commandName(CommandSpec command) {
        return command.qualifiedName().replaceFirst("^" + command.root().name() + " ", "");
    }

    private static ParseResult last(ParseResult parsed) {
        return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
    }

    private static void collectErrors(CommandLine line) {
        line.getCommandSpec().parser().collectErrors(true);
        line.getSubcommands().values().forEach(Invocation::collectErrors);
    }
}
