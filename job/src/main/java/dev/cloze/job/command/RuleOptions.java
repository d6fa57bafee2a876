package dev.cloze.job.command;

import dev.cloze.augment.Rules;
import dev.cloze.augment.Rules.Language;
import dev.cloze.augment.Rules.Names;
import dev.cloze.augment.Rules.Repeats;
import dev.cloze.augment.Stopwords;
import dev.cloze.failure.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/** Which words take part, both those that give way and those put in. */
@Section("Words that take part")
final class RuleOptions {
    @Option(
            names = "--stopwords",
            paramLabel = "LIST",
            split = ",",
            description =
                    "Words that are neither replaced nor put in: auto, the stop words of each text's language, which is"
                            + " recognised by its words; none; en, pt or another language's list; or a file with a word a line."
                            + " Repeatable, or with commas (default: auto).")
    private List<String> stopwords = List.of(Stopwords.AUTO);

    @Option(
            names = "--names",
            paramLabel = "WHAT",
            description = "What becomes of words with a capital within a sentence: auto, they give way to words with a"
                    + " capital, or stay where the model knows no capitals; keep, they stay; replace, they give way to any"
                    + " word (default: auto).")
    private Names names = Rules.DEFAULT.names();

    @Option(names = "--allow-repeats", description = "Put in words, too, that the text has already.")
    private boolean allowRepeats;

    @Option(
            names = "--ignore",
            paramLabel = "REGEX",
            description = "Words that this expression matches completely are neither replaced nor put in. Repeatable.")
    private List<String> ignored = List.of();

    @Option(
            names = "--min-length",
            paramLabel = "N",
            description = "Nor do words of fewer characters (default: ${DEFAULT-VALUE}).")
    private int minLength = 1;

    @Option(
            names = "--protect",
            paramLabel = "REGEX",
            description = "What this expression matches of a text stays as it is, beside addresses, mail addresses,"
                    + " placeholders such as {name} and tags. Repeatable.")
    private List<String> shielded = List.of();

    @Option(
            names = "--protect-column",
            paramLabel = "NAME",
            description = "Column of spans that stay as they are: array<struct<start,end>> or array<array<int>>, in"
                    + " UTF-16 units of the text. It is carried along.")
    private Optional<String> column = Optional.empty();

    void check(Problems problems, CorpusOptions corpus) {
        problems.requireFrom("--min-length", minLength, 1, Rules.MOST_LENGTH);
        problems.require(column.isEmpty() || corpus.hasColumns(), "--text has no columns: leave --protect-column out");
        ignored.forEach(regex -> requirePattern("--ignore", regex, problems));
        shielded.forEach(regex -> requirePattern("--protect", regex, problems));
        stopwords.forEach(list -> problems.require(
                Stopwords.exists(list),
                "--stopwords " + list + " is neither a file nor one of auto, none, "
                        + String.join(", ", Stopwords.languages())));
        problems.require(stopwords.size() == 1 || !stopwords.contains(Stopwords.NONE), "--stopwords none stands alone");
    }

    private static void requirePattern(String option, String regex, Problems problems) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            problems.add(option + " " + regex + " is no regular expression: " + e.getDescription());
        } catch (StackOverflowError e) {
            problems.add(option + " is nested too deeply for a regular expression");
        }
    }

    Set<String> words() {
        return Stopwords.of(stopwords);
    }

    boolean hasStopwords() {
        return !words().isEmpty();
    }

    Rules rules() {
        List<Pattern> patterns = new ArrayList<>(Rules.SHIELDED);
        shielded.forEach(regex -> patterns.add(Pattern.compile(regex)));
        return new Rules(
                words(),
                stopwords.contains(Stopwords.AUTO) ? Language.OF_TEXT : Language.NONE,
                names,
                allowRepeats ? Repeats.ALLOWED : Repeats.REFUSED,
                ignored.stream().map(Pattern::compile).toList(),
                minLength,
                patterns);
    }

    Optional<String> column() {
        return column;
    }
}
