package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.settings.Form.Kind;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.spark.call.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.text.WordUtils;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The reference page of options and the docstrings of the Python package are made from the declarations of settings. With {@code
 * -Dcloze.generate=true} this writes them; without, it fails where they are not current.
 */
class GeneratedTextsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int WIDTH = 132;
    private static final Map<String, SessionSettings> SCORING = new LinkedHashMap<>();

    static {
        SCORING.put("fill-mask", SessionSettings.FILL_MASK);
        SCORING.put("perplexity", SessionSettings.PERPLEXITY);
        SCORING.put("augment", SessionSettings.AUGMENT);
        SCORING.put("embed", SessionSettings.EMBED);
    }

    @Test
    void thePageOfOptionsIsCurrent() throws IOException {
        requireCurrent(ROOT.resolve("docs/reference/options.md"), "", page(), "");
    }

    @Test
    void theDocstringsOfPythonAreCurrent() throws IOException {
        Path module = ROOT.resolve("python/src/cloze/transform.py");
        for (var task : SCORING.entrySet()) {
            String function = task.getKey().replace('-', '_');
            requireCurrent(
                    module,
                    "(?s).*?\ndef " + function + "\\(.*?\n    Keywords for settings:\n\n",
                    docstring(task.getValue(), function),
                    "    \"\"\"\n");
        }
    }

    /** Between what {@code before} matches and {@code after}; everything when they are empty. */
    private static void requireCurrent(Path file, String before, String expected, String after) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        int begin = before.isEmpty() ? 0 : end(before, text);
        int end = after.isEmpty() ? text.length() : text.indexOf(after, begin);
        if (Boolean.getBoolean("cloze.generate")) {
            Files.writeString(file, text.substring(0, begin) + expected + text.substring(end));
        } else {
            assertThat(text.substring(begin, end))
                    .as("%s; write it with -Dtest=GeneratedTextsTest -Dcloze.generate=true", file)
                    .isEqualTo(expected);
        }
    }

    private static int end(String before, String text) {
        Matcher matcher = Pattern.compile(before).matcher(text);
        assertThat(matcher.lookingAt()).as(before).isTrue();
        return matcher.end();
    }

    private static String page() {
        Map<String, CommandLine> commands = Invocation.commandLine().getSubcommands();
        List<String> common = common(commands);
        StringBuilder page = new StringBuilder("""
            # Options

            <!-- Made from the declarations of options by GeneratedTextsTest; edit those. -->

            Each command is listed with its options; those that the four scoring commands share come first. The keys of [settings
            files](settings.md) are the same names without dashes, and so are the [settings of SQL functions](sql-functions.md#settings)
            after the prefix that the last column shows.
            """);
        page.append("\n## Options of fill-mask, perplexity, augment and embed\n");
        tables(page, "fill-mask", commands.get("fill-mask"), common, true);
        for (var command : commands.entrySet()) {
            Map<String, CommandLine> below = command.getValue().getSubcommands();
            Map<String, CommandLine> all = new LinkedHashMap<>();
            if (command.getValue().getCommand() instanceof Command) {
                all.put("", command.getValue());
            }
            all.putAll(below);
            all.forEach((name, line) -> {
                String title = (command.getKey() + " " + name).strip();
                page.append("\n## ").append(title).append("\n\n");
                page.append(String.join(
                                " ", line.getCommandSpec().usageMessage().description()))
                        .append('\n');
                tables(page, title, line, SCORING.containsKey(title) ? common : List.of(), false);
            });
        }
        return page.toString();
    }

    /** Options that mean the same in all scoring commands. */
    private static List<String> common(Map<String, CommandLine> commands) {
        return commands.get("embed").getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> SCORING.keySet().stream()
                        .map(command -> commands.get(command).getCommandSpec().findOption(name))
                        .allMatch(option -> option != null
                                && description(option)
                                        .equals(description(commands.get("embed")
                                                .getCommandSpec()
                                                .findOption(name)))))
                .toList();
    }

    /** Either the {@code common} options of a command or the others. */
    private static void tables(
            StringBuilder page, String command, CommandLine line, List<String> common, boolean isCommon) {
        Map<String, List<OptionSpec>> sections = HelpPage.sections(line.getCommandSpec());
        sections.forEach((heading, options) -> {
            List<OptionSpec> shown = options.stream()
                    .filter(option -> !Set.of("--help", "--version").contains(option.longestName()))
                    .filter(option -> common.contains(option.longestName()) == isCommon)
                    .toList();
            if (!shown.isEmpty()) {
                page.append("\n### ").append(heading).append("\n\n| option | meaning | in SQL |\n|---|---|---|\n");
                shown.forEach(option -> page.append("| `")
                        .append(String.join("`, `", names(option)))
                        .append("` | ")
                        .append(description(option).replace("|", "\\|"))
                        .append(" | ")
                        .append(sql(command, option))
                        .append(" |\n"));
            }
        });
    }

    private static List<String> names(OptionSpec option) {
        String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        List<String> names = new ArrayList<>(List.of(option.longestName() + label));
        if (option.negatable()) {
            names.add(option.longestName().replaceFirst("^--", "--no-"));
        }
        return names;
    }

    private static String description(OptionSpec option) {
        return String.join(" ", option.description()).replace("%%", "%");
    }

    private static String sql(String command, OptionSpec option) {
        if (!SCORING.containsKey(command)) {
            return "";
        }
        return SCORING.get(command).groups().stream()
                .flatMap(group -> group.settings().stream()
                        .filter(setting -> option.longestName().equals("--" + setting.name()))
                        .map(setting -> "`" + SessionSettings.shown(group, setting) + "`"))
                .findFirst()
                .orElse("");
    }

    private static String docstring(SessionSettings task, String function) {
        Set<String> parameters =
                switch (function) {
                    case "fill_mask" -> Set.of("top_k", "targets");
                    case "perplexity" -> Set.of("tokens");
                    case "augment" -> Set.of("augment_variants");
                    default -> Set.of();
                };
        return task.groups().stream()
                .flatMap(GeneratedTextsTest::keywords)
                .filter(line -> parameters.stream().noneMatch(name -> line.startsWith("    - ``" + name + "``")))
                .collect(Collectors.joining());
    }

    private static Stream<String> keywords(SettingGroup group) {
        return group.settings().stream()
                .filter(setting -> setting.form().kind() != Kind.PAIRS)
                .map(setting -> keyword(group, setting));
    }

    private static String keyword(SettingGroup group, Setting<?> setting) {
        String name = group.key(setting).replace('.', '_').replace('-', '_');
        String line = "- ``" + name + "``: " + setting.description();
        return "    " + WordUtils.wrap(line, WIDTH - 4, "\n      ", false) + "\n";
    }
}
