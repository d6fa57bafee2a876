package dev.cloze.augment;

import dev.cloze.augment.Change.Action;
import dev.cloze.augment.Change.Unit;
import dev.cloze.augment.Checks.Figures;
import dev.cloze.augment.Rules.Language;
import dev.cloze.augment.Rules.Names;
import dev.cloze.augment.Rules.Repeats;
import dev.cloze.augment.Sampling.Choice;
import dev.cloze.augment.Supply.Originals;
import dev.cloze.mask.LongTexts;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/** The task with one thing or another different from the usual. */
final class Tasks {
    static final Change REPLACE = change(Action.REPLACE, Unit.WORD, Change.Order.SIMULTANEOUS, 1);
    static final Rules RULES = rules(Set.of(), List.of(), 1, Rules.SHIELDED);
    static final Sampling DRAW = new Sampling(50, 1, 1, 0, Choice.DRAW);
    static final Sampling GREEDY = new Sampling(50, 1, 1, 0, Choice.GREEDY);
    static final Checks CHECKS = Checks.of(List.of(), OptionalDouble.empty(), Figures.NONE);

    private Tasks() {}

    /** Rules that know neither the language of a text nor names. */
    static Rules rules(Set<String> stopwords, List<Pattern> ignored, int minLength, List<Pattern> shielded) {
        return new Rules(stopwords, Language.NONE, Names.REPLACE, Repeats.ALLOWED, ignored, minLength, shielded);
    }

    static Change change(Action action, Unit unit, Change.Order order, int pieces) {
        return new Change(action, unit, order, pieces, pieces, Capitals.KEEP);
    }

    static Augment usual() {
        return new Augment(REPLACE, share(0.15), RULES, GREEDY, CHECKS, variants(1), LongTexts.WINDOW);
    }

    static Amount share(double share) {
        return new Amount(share, 1, 10);
    }

    static Supply variants(int variants) {
        return new Supply(variants, Originals.LEFT_OUT, 42);
    }

    static Augment with(Augment task, Change change) {
        return new Augment(
                change, task.amount(), task.rules(), task.sampling(), task.checks(), task.supply(), task.longTexts());
    }

    static Augment with(Augment task, Amount amount) {
        return new Augment(
                task.change(), amount, task.rules(), task.sampling(), task.checks(), task.supply(), task.longTexts());
    }

    static Augment with(Augment task, Rules rules) {
        return new Augment(
                task.change(), task.amount(), rules, task.sampling(), task.checks(), task.supply(), task.longTexts());
    }

    static Augment with(Augment task, Sampling sampling) {
        return new Augment(
                task.change(), task.amount(), task.rules(), sampling, task.checks(), task.supply(), task.longTexts());
    }

    static Augment with(Augment task, Checks checks) {
        return new Augment(
                task.change(), task.amount(), task.rules(), task.sampling(), checks, task.supply(), task.longTexts());
    }

    static Augment with(Augment task, Supply supply) {
        return new Augment(
                task.change(), task.amount(), task.rules(), task.sampling(), task.checks(), supply, task.longTexts());
    }

    static Augment with(Augment task, LongTexts longTexts) {
        return new Augment(
                task.change(), task.amount(), task.rules(), task.sampling(), task.checks(), task.supply(), longTexts);
    }
}
