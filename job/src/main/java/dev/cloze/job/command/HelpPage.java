package dev.cloze.job.command;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What {@code --help} shows: the options in sections, then examples and exit codes. */
final class HelpPage {
    static final String CORPUS = "Corpus";
    static final String MODEL = "Model";
    static final String OUTPUT = "Output";
    static final String ENGINE = "Engine";
    static final String SETTINGS = "Settings";

    private static final String TASK = "Options";
    private static final String HELP = "Help";
    /** What belongs to a task stands between the model and the output. */
    private static final List<String> FIRST = List.of(CORPUS, MODEL);

    private static final List<String> LAST = List.of(OUTPUT, ENGINE, SETTINGS, HELP);

    private HelpPage() {}

    /** Sets up the help of a command and of those below it. */
    static void arrange(CommandLine line) {
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.abbreviateSynopsis(true);
        usage.sortOptions(false);
        usage.optionListHeading("");
        usage.commandListHeading("%nCommands:%n");
        usage.parameterListHeading("%n");
        usage.exitCodeListHeading("%nExit codes:%n");
        usage.exitCodeList(exitCodes());
        if (usage.footer().length > 0) {
            usage.footerHeading("%nExamples:%n");
        }
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpPage::options);
        List<String> keys = new ArrayList<>(line.getHelpSectionKeys());
        keys.remove(UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING);
        keys.remove(UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST);
        keys.add(UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING);
        keys.add(UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST);
        line.setHelpSectionKeys(keys);
        line.getSubcommands().values().forEach(HelpPage::arrange);
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done");
        codes.put("1", "internal failure");
        codes.put("2", "usage or configuration");
        codes.put("3", "an audit found drift");
        codes.put("4", "corpus");
        codes.put("5", "model");
        codes.put("6", "resources: memory, disk, devices, libraries");
        return codes;
    }

    /** The options of a command by the headings over them, in the order of the page. */
    static Map<String, List<OptionSpec>> sections(CommandSpec command) {
        Map<String, List<OptionSpec>> sections = new LinkedHashMap<>();
        command.options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparingInt((OptionSpec option) -> rank(section(option)))
                        .thenComparing(option -> DeclaredOption.of(option).isEmpty()))
                .forEach(option -> sections.computeIfAbsent(section(option), any -> new ArrayList<>())
                        .add(option));
        return sections;
    }

    private static String options(Help help) {
        CommandSpec command = help.commandSpec();
        StringBuilder text = new StringBuilder();
        sections(command).forEach((section, options) -> {
            Help.Layout layout =
                    help.createDefaultLayout(command.options(), command.positionalParameters(), help.colorScheme());
            layout.addAllOptions(options, help.parameterLabelRenderer());
            text.append(System.lineSeparator()).append(section).append(':').append(System.lineSeparator());
            text.append(layout);
        });
        return text.toString();
    }

    private static int rank(String section) {
        if (LAST.contains(section)) {
            return FIRST.size() + 1 + LAST.indexOf(section);
        }
        return FIRST.contains(section) ? FIRST.indexOf(section) : FIRST.size();
    }

    private static String section(OptionSpec option) {
        if (option.usageHelp() || option.versionHelp()) {
            return HELP;
        }
        Optional<DeclaredOption> declared = DeclaredOption.of(option);
        if (declared.isPresent()) {
            return declared.get().group().heading();
        }
        AnnotatedElement declaring = option.userObject() instanceof Field field ? field.getDeclaringClass() : null;
        return declaring != null && declaring.isAnnotationPresent(Section.class)
                ? declaring.getAnnotation(Section.class).value()
                : TASK;
    }
}
