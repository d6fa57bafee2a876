package dev.cloze.job.command;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The generator's script for shells, made fit for ours: it names the values of an option by the label of its parameter, which several
 * options may have, writes them as constants of Java, and knows of no option that it takes a file.
 */
final class CompletionScript {
    private static final Pattern VALUES =
            Pattern.compile("(\\s*local )\\w+_option_args=(\\(.*\\)) # --([\\w-]+) values");
    private static final Pattern USE = Pattern.compile("\\$\\{\\w+_option_args\\[@]}");
    private static final Pattern CASE = Pattern.compile("\\s*'?(?:-\\w'?\\|'?)?--([\\w-]+)'?\\)");
    private static final Set<String> FILES =
            Set.of("input", "output", "model", "cache", "config", "merge", "stopwords");
    private static final String NAMES =
            "      type compopt &>/dev/null && compopt -o filenames\n      local IFS=$'\\n'\n"
                    + "      COMPREPLY=( $( compgen -f -- \"${curr_word}\" ) )\n";

    private CompletionScript() {}

    static String of(String generated) {
        StringBuilder script = new StringBuilder();
        String option = "";
        for (String line : generated.split("\n", -1)) {
            Matcher values = VALUES.matcher(line);
            Matcher begin = CASE.matcher(line);
            option = begin.matches() ? begin.group(1) : option;
            if (values.matches()) {
                script.append(values.group(1)).append(variable(values.group(3))).append('=');
                script.append(values.group(2).toLowerCase(Locale.ROOT).replace('_', '-'));
            } else {
                script.append(USE.matcher(line).replaceAll(Matcher.quoteReplacement("${" + variable(option) + "[@]}")));
            }
            script.append('\n');
            if (begin.matches() && FILES.contains(option)) {
                script.append(NAMES);
            }
        }
        return script.toString();
    }

    private static String variable(String option) {
        return "values_" + option.replace('-', '_');
    }
}
