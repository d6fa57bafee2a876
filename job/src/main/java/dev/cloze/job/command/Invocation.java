package dev.cloze.job.command;

import dev.cloze.failure.NearMiss;
import dev.cloze.failure.Problems;
import dev.cloze.job.config.Setting;
import dev.cloze.job.run.Terminal;
import dev.cloze.models.Versions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSError;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** One command line: flags and settings together, every mistake found before anything runs. */
public final class Invocation {
    private final CommandLine root;
    private final Terminal terminal;

    private Invocation(Terminal terminal) {
        this.terminal = terminal;
        this.root = new CommandLine(new Root());
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setUsageHelpAutoWidth(true);
        root.setOut(terminal.out());
        collectErrors(root);
    }

    /** {@code cloze}: every capability is a line here. */
    @CommandLine.Command(
            name = "cloze",
            description = "Scores corpora with masked and causal language models on Apache Spark and ONNX Runtime.",
            mixinStandardHelpOptions = true,
            scope = CommandLine.ScopeType.INHERIT,
            versionProvider = Version.class,
            subcommands = {
                FillMaskCommand.class,
                PerplexityCommand.class,
                EmbedCommand.class,
                AugmentCommand.class,
                RunsCommand.class,
                DoctorCommand.class,
                ModelCommand.class
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
        } catch (Exception | OutOfMemoryError | LinkageError | FSError e) {
            return FailureReport.report(e, terminal);
        } finally {
            terminal.out().flush();
        }
    }

    private int run(String[] args) {
        ParseResult flags = root.parseArgs(args);
        if (CommandLine.printHelpIfRequested(flags)) {
            return 0;
        }
        Problems problems = new Problems();
        CommandSpec command = last(flags).commandSpec();
        ParseResult complete = flags;
        if (command.userObject() instanceof Command) {
            List<String> all = new ArrayList<>(Arrays.asList(args));
            all.addAll(flagsFromSettings(last(flags), problems));
            complete = root.parseArgs(all.toArray(String[]::new));
            ((Command) command.userObject()).check(problems);
        } else if (errors(flags).isEmpty()) {
            problems.add("there is no command, name one of "
                    + String.join(", ", command.subcommands().keySet()));
        }
        errors(complete).forEach(error -> problems.add(message(error)));
        problems.report("run " + commandName(command), "see `" + command.qualifiedName() + " --help`");
        ((Command) command.userObject()).run(terminal);
        return 0;
    }

    /** Settings as flags, except where a flag was given: those win. */
    private static List<String> flagsFromSettings(ParseResult flags, Problems problems) {
        CommandSpec command = flags.commandSpec();
        Map<String, OptionSpec> options = OptionValues.settable(command);
        List<String> added = new ArrayList<>();
        for (Setting setting : ((Command) command.userObject()).settings(problems)) {
            String[] path = setting.key().split("\\.", 2);
            OptionSpec option = options.get(path[0]);
            if (option != null && option.typeInfo().isMap() && path.length == 2) {
                added.add(option.longestName() + "=" + path[1] + "="
                        + setting.values().get(0));
            } else if (option == null || path.length == 2) {
                String near = NearMiss.of(setting.key(), options.keySet())
                        .map(key -> ", did you mean " + key + "?")
                        .orElse("");
                problems.add(setting.origin() + ": unknown key " + setting.key() + near);
            } else if (!flags.hasMatchedOption(option)) {
                added.addAll(flags(option, setting.values()));
            }
        }
        return added;
    }

    private static List<String> flags(OptionSpec option, List<String> values) {
        String name = option.longestName();
        if (option.negatable() && values.equals(List.of("false"))) {
            return List.of(name.replaceFirst("^--", "--no-"));
        }
        return values.stream().map(value -> name + "=" + value).toList();
    }

    /** Without the program's own name, where there is more. */
    private static String commandName(CommandSpec command) {
        return command.qualifiedName().replaceFirst("^" + command.root().name() + " ", "");
    }

    private static List<Exception> errors(ParseResult parsed) {
        List<Exception> errors = new ArrayList<>();
        for (ParseResult part = parsed; part != null; part = part.subcommand()) {
            errors.addAll(part.errors());
        }
        return errors;
    }

    private static ParseResult last(ParseResult parsed) {
        return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
    }

    private static String message(Exception error) {
        String first = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        boolean near = error instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty();
        return near
                ? first + ", did you mean "
                        + ((CommandLine.UnmatchedArgumentException) error)
                                .getSuggestions()
                                .get(0) + "?"
                : first;
    }

    private static void collectErrors(CommandLine line) {
        line.getCommandSpec().parser().collectErrors(true);
        line.getSubcommands().values().forEach(Invocation::collectErrors);
    }
}
