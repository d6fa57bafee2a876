package dev.cloze.augment;

import dev.cloze.failure.Problems;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.settings.Form;
import dev.cloze.settings.InvalidValueException;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.settings.SettingValues;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** How candidates are made. */
public final class AugmentSettings {
    private static final String PREFIX = "augment.";
    private static final Pattern PIECES =
            Pattern.compile("([1-" + Change.MOST_PIECES + "])(?:\\.\\.([1-" + Change.MOST_PIECES + "]))?");

    public static final Setting<Change.Action> ACTION = Setting.of(
                    "action",
                    Form.choice("WHAT", Change.Action.class),
                    "replace, words give way to others; insert, words are put before others")
            .withDefault(Change.DEFAULT.action());

    public static final Setting<Change.Unit> UNIT = Setting.of(
                    "unit",
                    Form.choice("UNIT", Change.Unit.class),
                    "word, words of any number of pieces; piece, single tokens: a part of a word is replaced by another"
                            + " part")
            .withDefault(Change.DEFAULT.unit());

    public static final Setting<Change.Order> MODE = Setting.of(
                    "mode",
                    Form.choice("MODE", Change.Order.class),
                    "simultaneous, all words of a candidate are hidden together; sequential, one after the other: the"
                            + " model reads what was put in before, at a run for each word")
            .withDefault(Change.DEFAULT.order());

    public static final Setting<String> PIECES_OF_WORD = Setting.of(
                    "pieces",
                    Form.text(
                            "N..M",
                            "a number of 1 to " + Change.MOST_PIECES + " or a range such as 1.." + Change.MOST_PIECES,
                            AugmentSettings::isRange),
                    "Pieces of a new word, a number or a range of 1 to " + Change.MOST_PIECES
                            + ", drawn for each word and filled from left to right")
            .withDefault("1");

    public static final Setting<Double> SHARE = Setting.of(
                    "share",
                    Form.number("SHARE", "between 0 and 1", share -> share >= 0 && share <= 1),
                    "Share of a text's words that each candidate changes, rounded up")
            .withDefault(Amount.DEFAULT.share());

    public static final Setting<Integer> MIN = Setting.of(
                    "min", Form.count(Amount.MOST), "Words that are changed at least, as far as there are")
            .withDefault(Amount.DEFAULT.min());

    public static final Setting<Integer> MAX = Setting.of(
                    "max", Form.count(Amount.MOST), "Words that are changed at most")
            .withDefault(Amount.DEFAULT.max());

    public static final Setting<Boolean> KEEP_CASE = Setting.of(
                    "keep-case",
                    Form.flag(),
                    "Write a new word in capitals, with a capital or without, as the one that it replaces; or leave it as"
                            + " the model writes it")
            .withDefault(true, "on");

    public static final Setting<Integer> TOP_K = Setting.of(
                    "top-k",
                    Form.count(Sampling.MOST_TOP_K),
                    "Choose among the N most probable words that pass the filters")
            .withDefault(Sampling.DEFAULT.topK());

    public static final Setting<Double> TOP_P = Setting.of(
                    "top-p",
                    Form.number("SHARE", "above 0 and at most 1", share -> share > 0 && share <= 1),
                    "Of these, keep the most probable ones that have this share of their probability together")
            .withDefault(Sampling.DEFAULT.topP());

    public static final Setting<Double> TEMPERATURE = Setting.of(
                    "temperature",
                    Form.number("T", "above 0", t -> t > 0 && Double.isFinite(t)),
                    "Below 1 probable words are drawn more often, above 1 improbable ones")
            .withDefaultText("1");

    public static final Setting<Double> MIN_PROBABILITY = Setting.of(
                    "min-probability",
                    Form.number("P", "between 0 and 1", p -> p >= 0 && p <= 1),
                    "Words less probable than this, in the model's whole vocabulary, are not put in")
            .withDefault(Sampling.DEFAULT.minProbability());

    public static final Setting<Boolean> GREEDY =
            Setting.flag("greedy", "Choose the most probable word, without a draw");

    /** Of the user's machine, where a list may be a file; see {@link #STOPWORDS_BY_NAME}. */
    public static final Setting<List<String>> STOPWORDS = Setting.of(
                    "stopwords",
                    Form.commaSeparated("LIST", "lists", lists -> areLists(lists, Files.ALLOWED)),
                    "Words that are neither replaced nor put in: auto, the stop words of each text's language, which is"
                            + " recognised by its words; none; en, pt or another language's list; or, on the command line, a"
                            + " file with a word a line. Repeatable, or with commas")
            .withDefault(List.of(Stopwords.AUTO));

    /** In SQL, which may come from other machines: it reads no files of this one. */
    public static final Setting<List<String>> STOPWORDS_BY_NAME =
            STOPWORDS.withForm(Form.commaSeparated("LIST", "lists", lists -> areLists(lists, Files.REFUSED)));

    public static final Setting<Rules.Names> NAMES = Setting.of(
                    "names",
                    Form.choice("WHAT", Rules.Names.class),
                    "What becomes of words with a capital within a sentence: auto, they give way to words with a capital,"
                            + " or stay where the model knows no capitals; keep, they stay; replace, they give way to any"
                            + " word")
            .withDefault(Rules.DEFAULT.names());

    public static final Setting<Boolean> ALLOW_REPEATS =
            Setting.flag("allow-repeats", "Put in words, too, that the text has already");

    public static final Setting<List<String>> IGNORE = Setting.of(
                    "ignore",
                    Form.repeated("REGEX", "regular expressions", AugmentSettings::arePatterns),
                    "Words that this expression matches completely are neither replaced nor put in. Repeatable")
            .withDefault(List.of());

    public static final Setting<Integer> MIN_LENGTH = Setting.of(
                    "min-length",
                    Form.count(Rules.MOST_LENGTH),
                    "Words of fewer characters are neither replaced nor put in")
            .withDefault(Rules.DEFAULT.minLength());

    public static final Setting<List<String>> PROTECT = Setting.of(
                    "protect",
                    Form.repeated("REGEX", "regular expressions", AugmentSettings::arePatterns),
                    "What this expression matches of a text stays as it is, beside addresses, mail addresses,"
                            + " placeholders such as {name} and tags. Repeatable")
            .withDefault(List.of());

    public static final Setting<Double> MIN_SIMILARITY = Setting.of(
            "min-similarity",
            Form.number("COSINE", "between -1 and 1", cosine -> cosine >= -1 && cosine <= 1),
            "Candidates whose mean-pooled hidden states are farther from the original's are dropped, and others drawn");

    public static final Setting<List<String>> CHECK = Setting.of(
                    "check",
                    Form.commaSeparated("NAME", "checks", AugmentSettings::areInstalled),
                    "Candidates that this check of yours does not accept are dropped, and others drawn: a"
                            + " dev.cloze.augment.SentenceCheck in a jar of --jars. Repeatable, or with commas")
            .withDefault(List.of());

    public static final Setting<Boolean> SCORE_CANDIDATES = Setting.flag(
            "score-candidates",
            "Write pll_change: the pseudo-log-likelihood of each candidate minus the original's, nats. Costs a run of the"
                    + " model for each token");

    public static final Setting<Integer> VARIANTS = Setting.of(
                    "variants",
                    Form.count(Supply.MOST_VARIANTS),
                    "Candidates of each document, all different; with --balance-by, of one document at most")
            .withDefaultText(Supply.DEFAULT.variants() + "; with --balance-by " + Supply.DEFAULT_TO_BALANCE);

    public static final Setting<Long> SEED = Setting.of("seed", Form.seed(), "Another seed draws other candidates")
            .withDefault(Supply.DEFAULT.seed());

    public static final List<SettingGroup> GROUPS = List.of(
            new SettingGroup("Candidates", PREFIX, List.of(VARIANTS, SEED)),
            new SettingGroup(
                    "Changes", PREFIX, List.of(ACTION, UNIT, MODE, PIECES_OF_WORD, SHARE, MIN, MAX, KEEP_CASE)),
            new SettingGroup("Choice of words", PREFIX, List.of(TOP_K, TOP_P, TEMPERATURE, MIN_PROBABILITY, GREEDY)),
            new SettingGroup(
                    "Words that take part",
                    PREFIX,
                    List.of(STOPWORDS, NAMES, ALLOW_REPEATS, IGNORE, MIN_LENGTH, PROTECT)),
            new SettingGroup("Checks of candidates", PREFIX, List.of(MIN_SIMILARITY, CHECK, SCORE_CANDIDATES)));

    private enum Files {
        ALLOWED,
        REFUSED
    }

    private AugmentSettings() {}

    private static boolean isRange(String pieces) {
        Matcher range = PIECES.matcher(pieces);
        return range.matches() && most(range) >= fewest(range);
    }

    private static int fewest(Matcher range) {
        return Integer.parseInt(range.group(1));
    }

    private static int most(Matcher range) {
        return range.group(2) == null ? fewest(range) : Integer.parseInt(range.group(2));
    }

    private static boolean areLists(List<String> lists, Files files) {
        for (String list : lists) {
            if (files == Files.ALLOWED ? !Stopwords.exists(list) : !Stopwords.isKnown(list)) {
                throw new InvalidValueException(list + " is "
                        + (files == Files.ALLOWED ? "neither a file nor one of" : "none of")
                        + " auto, none, " + String.join(", ", Stopwords.languages()));
            }
        }
        if (lists.size() > 1 && lists.contains(Stopwords.NONE)) {
            throw new InvalidValueException("none stands alone");
        }
        return true;
    }

    private static boolean arePatterns(List<String> expressions) {
        for (String expression : expressions) {
            try {
                Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                throw new InvalidValueException(expression + " is no regular expression: " + e.getDescription());
            } catch (StackOverflowError e) {
                throw new InvalidValueException("is nested too deeply for a regular expression");
            }
        }
        return true;
    }

    private static boolean areInstalled(List<String> checks) {
        Set<String> installed = Checks.installed().keySet();
        for (String name : checks) {
            if (!installed.contains(name)) {
                throw new InvalidValueException(name + " is not installed, "
                        + (installed.isEmpty() ? "nor is any other" : "there is " + String.join(", ", installed))
                        + ": add its jar with --jars before the command");
            }
        }
        return true;
    }

    /** Adds what is wrong with the settings together. */
    public static void check(SettingValues values, Problems problems) {
        boolean words = values.get(UNIT) == Change.Unit.WORD;
        problems.require(
                words || values.get(ACTION) == Change.Action.REPLACE,
                values.name(UNIT) + " piece is for " + values.name(ACTION) + " replace");
        problems.require(
                words || values.get(PIECES_OF_WORD).equals("1"),
                values.name(PIECES_OF_WORD) + " is for " + values.name(UNIT) + " word: a piece is replaced by a piece");
        values.given(MAX)
                .ifPresent(max -> problems.require(
                        max >= values.get(MIN),
                        values.name(MAX) + " must be at least " + values.name(MIN) + ", " + values.get(MIN) + ", it is "
                                + max));
        problems.require(
                !values.get(GREEDY) || values.given(TEMPERATURE).isEmpty(),
                values.name(GREEDY) + " does not draw: leave " + values.name(TEMPERATURE) + " out");
    }

    /** The task for settings that were checked. */
    public static Augment task(SettingValues values) {
        int variants = values.given(VARIANTS).orElse(Supply.DEFAULT.variants());
        return task(values, new Supply(variants, Supply.DEFAULT.originals(), values.get(SEED)));
    }

    /** @param supply instead of the settings' */
    public static Augment task(SettingValues values, Supply supply) {
        return new Augment(
                change(values),
                amount(values),
                rules(values),
                sampling(values),
                checks(values),
                supply,
                EngineSettings.longTexts(values));
    }

    private static Change change(SettingValues values) {
        Matcher range = PIECES.matcher(values.get(PIECES_OF_WORD));
        if (!range.matches()) {
            throw new IllegalStateException(values.name(PIECES_OF_WORD) + " was not checked");
        }
        return new Change(
                values.get(ACTION),
                values.get(UNIT),
                values.get(MODE),
                fewest(range),
                most(range),
                values.get(KEEP_CASE) ? Capitals.KEEP : Capitals.OF_MODEL);
    }

    /** The usual maximum is no obstacle to a larger minimum. */
    private static Amount amount(SettingValues values) {
        int min = values.get(MIN);
        return new Amount(values.get(SHARE), min, Math.max(min, values.get(MAX)));
    }

    private static Rules rules(SettingValues values) {
        List<Pattern> shields = new ArrayList<>(Rules.SHIELDED);
        shields.addAll(patterns(values.get(PROTECT)));
        return new Rules(
                Stopwords.of(values.get(STOPWORDS)),
                values.get(STOPWORDS).contains(Stopwords.AUTO) ? Rules.Language.OF_TEXT : Rules.Language.NONE,
                values.get(NAMES),
                values.get(ALLOW_REPEATS) ? Rules.Repeats.ALLOWED : Rules.Repeats.REFUSED,
                patterns(values.get(IGNORE)),
                values.get(MIN_LENGTH),
                shields);
    }

    private static List<Pattern> patterns(List<String> expressions) {
        return expressions.stream().map(Pattern::compile).toList();
    }

    private static Sampling sampling(SettingValues values) {
        return new Sampling(
                values.get(TOP_K),
                values.get(TOP_P),
                values.given(TEMPERATURE).orElse(Sampling.DEFAULT.temperature()),
                values.get(MIN_PROBABILITY),
                values.get(GREEDY) ? Sampling.Choice.GREEDY : Sampling.Choice.DRAW);
    }

    private static Checks checks(SettingValues values) {
        return Checks.of(
                values.get(CHECK),
                values.given(MIN_SIMILARITY).map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                values.get(SCORE_CANDIDATES) ? Checks.Figures.PLL_CHANGE : Checks.Figures.NONE);
    }
}
