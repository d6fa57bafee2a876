package dev.cloze.job.audit;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Table.Column;
import dev.cloze.job.terminal.Terminal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;

/** The verdicts of a history, as they were written. */
public record Verdicts(AuditHistory history, Terminal terminal) {
    private static final Table CHECKS = new Table(List.of(
            Column.text("slice"),
            Column.text("rule"),
            Column.number("value"),
            Column.number("usual"),
            Column.number("expected"),
            Column.number("p")));

    /** All nights, a line each. */
    public void showAll() {
        new NightView(history, terminal).showNights(history.lastVerdicts());
    }

    /** What was found on the night {@code date}, and everything that was checked, the most improbable first. */
    public void show(LocalDate date) {
        VerdictRecord verdict = history.verdicts(date).stream()
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> ClozeException.user(
                        "show the night " + date,
                        "it has no verdict in " + history.files().name(),
                        "name a night that cloze audit show lists"));
        new NightView(history, terminal).showTitle(verdict);
        verdict.findings()
                .forEach(found ->
                        terminal.print(found.state() + "  " + found.sentence() + " Since " + found.since() + "."));
        ExemplarView exemplars = new ExemplarView(terminal);
        verdict.exemplars()
                .forEach(
                        each -> exemplars.show(VerdictRecord.slice(each.slice()).label(), each));
        terminal.print("");
        terminal.out()
                .print(terminal.render(
                        CHECKS,
                        verdict.checks().stream()
                                .sorted(Comparator.comparingDouble(VerdictRecord.Checked::p))
                                .map(Verdicts::line)
                                .toList()));
    }

    private static List<String> line(VerdictRecord.Checked check) {
        return List.of(
                VerdictRecord.slice(check.slice()).label(),
                check.rule(),
                Numerals.figure(check.value()),
                check.usual() == null ? "-" : Numerals.figure(check.usual()),
                check.expected() == null ? "-" : check.range(),
                Numerals.probability(check.p()));
    }
}
