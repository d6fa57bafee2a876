package dev.cloze.job.command;

import dev.cloze.augment.Amount;
import dev.cloze.augment.Capitals;
import dev.cloze.augment.Change;
import dev.cloze.augment.Change.Action;
import dev.cloze.augment.Change.Mode;
import dev.cloze.augment.Change.Unit;
import dev.cloze.failure.Problems;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What is done to a text, and to how much of it. */
@Section("Changes")
final class ChangeOptions {
    private static final Pattern PIECES =
            Pattern.compile("([1-" + Change.MOST_PIECES + "])(?:\\.\\.([1-" + Change.MOST_PIECES + "]))?");

    @Option(
            names = "--action",
            paramLabel = "WHAT",
            description = "replace, words give way to others; insert, words are put before others (default: replace).")
    private Action action = Change.DEFAULT.action();

    @Option(
            names = "--unit",
            paramLabel = "UNIT",
            description = "word, words of any number of pieces; piece, single tokens: a part of a word is replaced by"
                    + " another part (default: word).")
    private Unit unit = Change.DEFAULT.unit();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "simultaneous, all words of a candidate are hidden together; sequential, one after the other:"
                    + " the model reads what was put in before, at a run for each word (default: simultaneous).")
    private Mode mode = Change.DEFAULT.mode();

    @Option(
            names = "--pieces",
            paramLabel = "N..M",
            description = "Pieces of a new word, a number or a range of 1 to " + Change.MOST_PIECES
                    + ", drawn for each word and filled from left to right (default: ${DEFAULT-VALUE}).")
    private String pieces = "1";

    @Option(
            names = "--share",
            paramLabel = "SHARE",
            description =
                    "Share of a text's words that each candidate changes, rounded up (default: ${DEFAULT-VALUE}).")
    private double share = Amount.DEFAULT.share();

    @Option(
            names = "--min",
            paramLabel = "N",
            description = "Words that are changed at least, as far as there are (default: ${DEFAULT-VALUE}).")
    private int min = Amount.DEFAULT.min();

    @Option(
            names = "--max",
            paramLabel = "N",
            description = "Words that are changed at most (default: ${DEFAULT-VALUE}).")
    private int max = Amount.DEFAULT.max();

    @Option(
            names = "--keep-case",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "Write a new word in capitals, with a capital or without, as the one that it replaces; or leave it"
                            + " as the model writes it (default: on).")
    private boolean keepCase = true;

    void check(Problems problems) {
        problems.require(share >= 0 && share <= 1, "--share must be between 0 and 1, it is " + share);
        problems.requireFrom("--min", min, 1, Amount.MOST);
        problems.require(max <= Amount.MOST, "--max must be at most " + Amount.MOST + ", it is " + max);
        problems.require(max >= min, "--max must be at least --min, " + min + ", it is " + max);
        Matcher range = PIECES.matcher(pieces);
        problems.require(
                range.matches() && most(range) >= fewest(range),
                "--pieces must be a number of 1 to " + Change.MOST_PIECES + " or a range such as 1.."
                        + Change.MOST_PIECES + ", it is " + pieces);
        problems.require(unit == Unit.WORD || action == Action.REPLACE, "--unit piece is for --action replace");
        problems.require(
                unit == Unit.WORD || pieces.equals("1"), "--pieces is for --unit word: a piece is replaced by a piece");
    }

    private static int fewest(Matcher range) {
        return Integer.parseInt(range.group(1));
    }

    private static int most(Matcher range) {
        return range.group(2) == null ? fewest(range) : Integer.parseInt(range.group(2));
    }

    Change change() {
        Matcher range = PIECES.matcher(pieces);
        if (!range.matches()) {
            throw new IllegalStateException("--pieces was not checked");
        }
        Capitals capitals = keepCase ? Capitals.KEEP : Capitals.OF_MODEL;
        return new Change(action, unit, mode, fewest(range), most(range), capitals);
    }

    Amount amount() {
        return new Amount(share, min, max);
    }
}
