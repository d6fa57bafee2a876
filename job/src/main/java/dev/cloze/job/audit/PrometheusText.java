package dev.cloze.job.audit;

import dev.cloze.job.terminal.Visible;
import dev.cloze.stats.judge.CountRule;
import dev.cloze.stats.night.Slice;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A night as Prometheus reads it from a text file: at most {@value #MOST_SLICES} slices, those with the most documents, and the whole corpus. */
record PrometheusText(VerdictRecord verdict) {
    private static final int MOST_SLICES = 50;
    private static final Map<String, Integer> WORDS = Map.of("watch", 1, "drift", 2);

    String text() {
        List<Slice> slices = slices();
        StringBuilder text = new StringBuilder();
        gauge(
                text,
                "verdict",
                "0 is ok or warming up, 1 watch, 2 drift",
                List.of(line("", WORDS.getOrDefault(verdict.verdict(), 0))));
        gauge(
                text,
                "night_timestamp_seconds",
                "The beginning of the audited night in UTC",
                List.of(line("", verdict.day().atStartOfDay().toEpochSecond(ZoneOffset.UTC))));
        gauge(
                text,
                "findings",
                "What was found",
                Stream.of("drift", "watch", "muted")
                        .map(state -> line(",state=\"" + state + "\"", count(state)))
                        .toList());
        gauge(
                text,
                "bad_rows",
                "Rows without a score",
                List.of(line("", verdict.corpusFigures().badRows())));
        gauge(text, "documents", "Documents with a score", of(slices, slice -> documents(slice)));
        gauge(text, "cross_entropy", "Nats a token", of(slices, slice -> crossEntropy(slice)
                .map(VerdictRecord.Checked::value)));
        gauge(text, "expected_low", "The lowest usual cross-entropy", of(slices, slice -> expected(slice, 0)));
        gauge(text, "expected_high", "The highest usual cross-entropy", of(slices, slice -> expected(slice, 1)));
        gauge(text, "marked_documents", "Documents of the whole corpus with a mark", marks());
        return text.toString();
    }

    private static void gauge(StringBuilder text, String name, String help, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("# HELP cloze_audit_" + name + " " + help + ".\n# TYPE cloze_audit_" + name + " gauge\n");
            lines.forEach(line -> text.append("cloze_audit_" + name).append(line));
        }
    }

    private String line(String labels, Number value) {
        return "{corpus=\"" + escaped(verdict.corpus()) + "\"" + labels + "} " + value + "\n";
    }

    private static String escaped(String text) {
        return Visible.line(text).replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private long count(String state) {
        return verdict.findings().stream()
                .filter(found -> found.state().equals(state))
                .count();
    }

    /** What there is of a slice. */
    @FunctionalInterface
    private interface Figure {
        Optional<? extends Number> of(Slice slice);
    }

    private List<String> of(List<Slice> slices, Figure figure) {
        List<String> lines = new ArrayList<>();
        for (Slice slice : slices) {
            figure.of(slice).ifPresent(value -> lines.add(line(",slice=\"" + escaped(name(slice)) + "\"", value)));
        }
        return lines;
    }

    /** Two series of one name would make Prometheus reject all of them: what is cut, escaped or ambiguous has a digest. */
    private static String name(Slice slice) {
        String name = NightReport.name(slice);
        boolean isAmbiguous = !slice.isCorpus()
                && (!name.equals(slice.label())
                        || name.equals(Slice.CORPUS.label())
                        || slice.values().stream().anyMatch(value -> value != null && isAmbiguous(value)));
        return isAmbiguous ? name + " [" + StoredNight.digest(AuditFiles.bytes(slice.values())) + "]" : name;
    }

    private static boolean isAmbiguous(String value) {
        return value.equals(Slice.NONE) || value.contains(", ");
    }

    private List<Slice> slices() {
        Map<Slice, Long> documents = new LinkedHashMap<>();
        verdict.checks().forEach(check -> documents.put(VerdictRecord.slice(check.slice()), check.documents()));
        return documents.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Slice, Long> each) -> -each.getValue()))
                .map(Map.Entry::getKey)
                .limit(MOST_SLICES + 1)
                .toList();
    }

    private Stream<VerdictRecord.Checked> checks(Slice slice) {
        return verdict.checks().stream()
                .filter(check -> VerdictRecord.slice(check.slice()).equals(slice));
    }

    private Optional<Long> documents(Slice slice) {
        return checks(slice).findFirst().map(VerdictRecord.Checked::documents);
    }

    private Optional<VerdictRecord.Checked> crossEntropy(Slice slice) {
        return checks(slice)
                .filter(check -> check.rule().equals("cross-entropy"))
                .findFirst();
    }

    private Optional<Double> expected(Slice slice, int end) {
        return crossEntropy(slice).map(check -> check.expected().get(end));
    }

    private List<String> marks() {
        return checks(Slice.CORPUS)
                .filter(check -> CountRule.MARKS.contains(check.rule()))
                .map(check -> line(",mark=\"" + check.rule() + "\"", Math.round(check.value() * check.documents())))
                .toList();
    }
}
