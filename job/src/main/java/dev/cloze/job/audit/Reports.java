package dev.cloze.job.audit;

import dev.cloze.job.audit.NightSeries.Checks;
import dev.cloze.job.report.Pages;
import dev.cloze.stats.night.Night;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code reports/<date>.html}, {@code reports/index.html} and {@code latest.json}: made of what the history holds, so they may be made anew at
 * any time. A file that would be the same is not touched.
 *
 * @param outputs where the last of the nights is written for other programs, too
 */
record Reports(AuditHistory history, Optional<NightOutputs> outputs) {
    static final String HTML = ".html";

    private static final String REPORTS = "reports";
    private static final String INDEX = "index";
    private static final int NIGHTS_DRAWN = 56;

    /** A night with its page. */
    private record Written(VerdictRecord verdict, String page) {}

    /** Makes the pages of the nights from {@code first} to {@code to}, which have verdicts, and what lists them. */
    void write(List<Night> nights, LocalDate first, LocalDate to) {
        Optional<Written> written = Optional.empty();
        TreeMap<LocalDate, Checks> checks = new TreeMap<>();
        List<DecisionRecord> decided = history.decided();
        for (int i = 0; i < nights.size(); i++) {
            LocalDate date = nights.get(i).date();
            if (!date.isBefore(first) && !date.isAfter(to)) {
                keepOnly(nights.subList(Math.max(0, i - NIGHTS_DRAWN + 1), i + 1), checks);
                VerdictRecord verdict = checks.lastEntry().getValue().verdict();
                String page = page(NightStates.of(nights, i), List.copyOf(checks.values()), decided);
                replace(verdict.date(), page);
                written = Optional.of(new Written(verdict, page));
            }
        }
        written.ifPresent(last -> outputs.ifPresent(each -> each.write(last.verdict, last.page)));
        index();
        latest();
    }

    /** Reads the verdicts on {@code nights} that were not read before, and forgets those on others. */
    private void keepOnly(List<Night> nights, TreeMap<LocalDate, Checks> checks) {
        checks.headMap(nights.get(0).date(), false).clear();
        nights.stream()
                .map(Night::date)
                .filter(date -> !checks.containsKey(date))
                .forEach(date -> history.lastVerdict(date).ifPresent(verdict -> checks.put(date, Checks.of(verdict))));
    }

    private String page(NightStates states, List<Checks> checks, List<DecisionRecord> decided) {
        VerdictRecord verdict = checks.get(checks.size() - 1).verdict();
        Answers answers = new Answers(history.files().name(), history.sliceBy(), verdict.date());
        NightReport report = new NightReport(answers, verdict, states, new NightSeries(checks), decided);
        return Pages.of(report.page());
    }

    private void index() {
        Set<LocalDate> pages = history.files().list(history.files().place(REPORTS), "", HTML).stream()
                .map(file -> file.getName().replace(HTML, ""))
                .filter(name -> !name.equals(INDEX))
                .map(LocalDate::parse)
                .collect(Collectors.toSet());
        replace(INDEX, Pages.of(new HistoryCalendar(history.record().corpus(), history.lines(), pages).page()));
    }

    private void replace(String name, String html) {
        history.files().replace(history.files().place(REPORTS, name + HTML), html.getBytes(StandardCharsets.UTF_8));
    }

    private void latest() {
        List<VerdictLine> lines = history.lines();
        Optional<VerdictRecord> newest = lines.isEmpty()
                ? Optional.empty()
                : history.lastVerdict(lines.get(lines.size() - 1).day());
        newest.ifPresent(
                verdict -> history.files().replace(history.files().place("latest.json"), AuditFiles.bytes(verdict)));
    }
}
