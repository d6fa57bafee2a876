package dev.cloze.job.command;

import dev.cloze.failure.NearMiss;
import dev.cloze.job.terminal.Visible;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** What is wrong with a command line as it was parsed, in one line each. */
final class ParseErrors {
    private static final int LONGEST = 400;
    /** One word that looks like an option. */
    private static final Pattern OPTION = Pattern.compile("(--[A-Za-z][\\w-]*)(=.*)?", Pattern.DOTALL);
    /** How the parser lists the values of an enum. */
    private static final Pattern VALUES = Pattern.compile("expected one of \\[([A-Z_, ]*)] \\(case-insensitive\\)");

    private final SettingFlags settings;

    /** @param settings that became flags */
    ParseErrors(SettingFlags settings) {
        this.settings = settings;
    }

    /** @param args of the command line, without flags from settings */
    List<String> messages(ParseResult parsed, String[] args) {
        List<String> messages = new ArrayList<>();
        List<String> unmatched = new ArrayList<>();
        ParseResult last = parsed;
        for (ParseResult part = parsed; part != null; part = part.subcommand()) {
            unmatched.addAll(part.unmatched());
            part.errors().forEach(error -> messages.add(message(error)));
            last = part;
        }
        messages.addAll(taken(last.commandSpec(), args, unmatched));
        return messages;
    }

    private String message(Exception error) {
        if (error instanceof CommandLine.UnmatchedArgumentException unmatched) {
            return unmatched(
                    unmatched.getUnmatched().get(0), unmatched.getCommandLine().getCommandSpec());
        }
        String message = settings.hideValues(String.valueOf(error.getMessage())).replace("option option", "option");
        String line = shown(VALUES.matcher(message)
                .replaceAll(values -> "expected one of " + values.group(1).toLowerCase(Locale.ROOT)));
        return error instanceof CommandLine.ParameterException parameter
                ? settings.origin(parameter.getArgSpec())
                                .map(origin -> origin + ": ")
                                .orElse("")
                        + line
                : line;
    }

    private static String unmatched(String argument, CommandSpec command) {
        if (options(command).contains(argument)) {
            return argument + " stands behind --, where there are no options any more";
        }
        if (argument.startsWith("-")) {
            return "there is no option " + near(argument, options(command));
        }
        return command.subcommands().isEmpty()
                ? "there is an argument too many: " + shown(argument)
                : "there is no command " + near(argument, command.subcommands().keySet());
    }

    private static String near(String argument, Collection<String> known) {
        Matcher option = OPTION.matcher(argument);
        String name = option.matches() ? option.group(1) : argument;
        return shown(name)
                + NearMiss.of(name, known)
                        .map(near -> ", did you mean " + near + "?")
                        .orElse("");
    }

    private static List<String> options(CommandSpec command) {
        return command.optionsMap().keySet().stream()
                .filter(name -> name.startsWith("--"))
                .toList();
    }

    /** The parser takes an option that it does not know for a value of the option before it. */
    private static List<String> taken(CommandSpec command, String[] args, List<String> unmatched) {
        List<String> problems = new ArrayList<>();
        int end = Arrays.asList(args).indexOf("--");
        for (String arg : Arrays.asList(args).subList(0, end < 0 ? args.length : end)) {
            Matcher option = OPTION.matcher(arg);
            if (option.matches() && !options(command).contains(option.group(1)) && !unmatched.contains(arg)) {
                problems.add("there is no option " + near(arg, options(command))
                        + " (a value that looks like an option stands behind =, as in --text=" + shown(arg) + ")");
            }
        }
        return problems;
    }

    private static String shown(String text) {
        String line = Visible.line(text);
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
