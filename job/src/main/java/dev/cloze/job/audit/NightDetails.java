package dev.cloze.job.audit;

import dev.cloze.job.report.NightPage.Details;
import dev.cloze.job.report.NightPage.Fact;
import dev.cloze.job.report.NightPage.Rule;
import dev.cloze.settings.Labels;
import dev.cloze.stats.night.Slice;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a page keeps folded. */
record NightDetails(VerdictRecord verdict, List<DecisionRecord> decided) {
    private static final int MOST_CHECKS = 20;
    private static final int DAYS = 56;
    private static final String NOTHING = "–";

    Details details() {
        return new Details(
                verdict.checks().stream()
                        .sorted(Comparator.comparingDouble(VerdictRecord.Checked::p))
                        .limit(MOST_CHECKS)
                        .map(NightDetails::check)
                        .toList(),
                Numerals.format(
                        "%,d of %,d. All of them: cloze audit show --date %s, or the verdict file.",
                        Math.min(MOST_CHECKS, verdict.checks().size()),
                        verdict.checks().size(),
                        verdict.date()),
                decided.stream()
                        .filter(this::concerns)
                        .map(NightDetails::decision)
                        .toList(),
                RuleTexts.names().stream()
                        .map(rule -> new Rule(rule, RuleTexts.explained(rule)))
                        .toList(),
                run());
    }

    private static List<String> check(VerdictRecord.Checked check) {
        return List.of(
                NightReport.name(VerdictRecord.slice(check.slice())),
                check.rule(),
                Numerals.figure(check.value()),
                check.usual() == null ? NOTHING : Numerals.figure(check.usual()),
                check.expected() == null ? NOTHING : check.range(),
                Numerals.probability(check.p()));
    }

    /** Whether it reaches into the nights that the page shows, or holds for all. */
    private boolean concerns(DecisionRecord decision) {
        return decision.decision() == DecisionRecord.Kind.PIN
                || !LocalDate.parse(decision.to()).isBefore(verdict.day().minusDays(DAYS));
    }

    private static String decision(DecisionRecord decision) {
        String nights = decision.from() == null
                ? " until " + decision.to()
                : decision.from().equals(decision.to())
                        ? " " + decision.from()
                        : " " + decision.from() + " to " + decision.to();
        String slice = decision.slice() == null ? "" : ", " + NightReport.name(new Slice(decision.slice()));
        String rule = decision.rule() == null ? "" : ", rule " + decision.rule();
        return Labels.of(decision.decision())
                + nights
                + slice
                + rule
                + NightReport.shown(": " + decision.note() + " (" + decision.author() + ", " + decision.time() + ")");
    }

    private List<Fact> run() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(verdict.run(), "run", ""));
        facts.add(new Fact(String.valueOf(verdict.sequence()), "verdict on this date, counted from 1", ""));
        if (verdict.supersedes() != null) {
            facts.add(new Fact(verdict.supersedes(), "the run that it supersedes", ""));
        }
        facts.add(new Fact(
                Numerals.percent(verdict.rates().drift()) + " % drift, "
                        + Numerals.percent(verdict.rates().watch()) + " % watch",
                "quiet nights with false findings",
                ""));
        facts.add(new Fact(String.valueOf(verdict.format()), "format of the verdict file", ""));
        return facts;
    }
}
