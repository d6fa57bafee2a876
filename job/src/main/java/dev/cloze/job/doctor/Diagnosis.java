package dev.cloze.job.doctor;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found everywhere, put together.
 *
 * @param all the driver first
 */
record Diagnosis(List<Examined> all) {
    private static final Table TABLE = new Table(List.of(
            Table.Column.text("check"),
            Table.Column.text("where"),
            Table.Column.text("state"),
            Table.Column.text("found")));

    /** The same finding in several places. */
    private record Line(Finding finding, List<String> places) {
        String where() {
            return places.size() == 1 ? places.get(0) : places.size() + " executors";
        }
    }

    /** A table of everything, then what is broken in full, each with its repair. */
    String render(Terminal terminal) {
        List<Line> lines = lines();
        StringBuilder text = new StringBuilder(terminal.render(
                TABLE,
                lines.stream()
                        .map(line -> List.of(
                                line.finding.check(),
                                line.where(),
                                line.finding.isBroken() ? "BROKEN" : "ok",
                                line.finding.found()))
                        .toList()));
        for (Line line : lines) {
            if (line.finding.isBroken()) {
                text.append(System.lineSeparator())
                        .append(String.join(", ", line.places))
                        .append(": ")
                        .append(line.finding.found())
                        .append(System.lineSeparator())
                        .append("  repair: ")
                        .append(line.finding.repair())
                        .append(System.lineSeparator());
            }
        }
        return text.toString();
    }

    /** Fails when anything is broken: with the model's exit code when it is nothing but the model. */
    void requireHealth() {
        List<Finding> broken =
                lines().stream().map(Line::finding).filter(Finding::isBroken).toList();
        if (broken.isEmpty()) {
            return;
        }
        String what = "run a job here";
        String why = broken.size() + " of " + lines().size() + " findings " + (broken.size() == 1 ? "is" : "are")
                + " broken";
        String repair = "repair what stands above, and ask again";
        boolean onlyTheModel = broken.stream().allMatch(finding -> finding.kind() == ClozeException.Kind.MODEL);
        throw onlyTheModel
                ? ClozeException.model(what, why, repair)
                : ClozeException.resources(what, why, repair, null);
    }

    /** Check by check; what executors share is one line. */
    private List<Line> lines() {
        Map<List<String>, Line> lines = new LinkedHashMap<>();
        for (Examined examined : all) {
            for (Finding finding : examined.findings()) {
                lines.computeIfAbsent(key(examined, finding), any -> new Line(finding, new ArrayList<>()))
                        .places()
                        .add(examined.where());
            }
        }
        List<String> order = order();
        return lines.values().stream()
                .sorted(Comparator.comparingInt(line -> order.indexOf(line.finding.check())))
                .toList();
    }

    /** Messages of executors differ in their directories; what is to be done does not. */
    private static List<String> key(Examined examined, Finding finding) {
        String same = finding.isBroken() ? finding.repair() : finding.found();
        return List.of(finding.check(), same, examined.where().equals("driver") ? "driver" : "executors");
    }

    /** The checks in the order of the JVM in which most were looked at. */
    private List<String> order() {
        return all.stream()
                .sorted(Comparator.comparingInt(examined -> -examined.findings().size()))
                .flatMap(examined -> examined.findings().stream())
                .map(Finding::check)
                .distinct()
                .toList();
    }
}
