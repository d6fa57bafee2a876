package dev.cloze.job.audit;

import dev.cloze.job.report.CalendarPage;
import dev.cloze.job.report.CalendarPage.Day;
import dev.cloze.job.report.CalendarPage.Month;
import dev.cloze.job.report.CalendarPage.Night;
import dev.cloze.job.report.Tone;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes the page of a history.
 *
 * @param lines its verdicts
 * @param pages the nights that have a page
 */
record HistoryCalendar(String corpus, List<VerdictLine> lines, Set<LocalDate> pages) {
    private static final int WEEK = 7;
    private static final int MOST_NOTABLE = 60;
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);

    CalendarPage page() {
        TreeMap<LocalDate, Night> nights = new TreeMap<>(
                lines.stream().map(this::night).collect(Collectors.toMap(Night::date, Function.identity())));
        List<Night> notable = nights.descendingMap().values().stream()
                .filter(night -> night.tone() == Tone.DRIFT || night.tone() == Tone.WATCH)
                .limit(MOST_NOTABLE)
                .toList();
        return new CalendarPage(NightReport.shown(corpus), counted(), months(nights), notable);
    }

    private Night night(VerdictLine line) {
        return new Night(
                line.day(),
                Tone.of(line.verdict()),
                line.verdict(),
                NightReport.shown(line.sentence()),
                pages.contains(line.day()) ? line.date() + Reports.HTML : "");
    }

    private String counted() {
        Map<String, Long> words = lines.stream()
                .collect(Collectors.groupingBy(VerdictLine::verdict, TreeMap::new, Collectors.counting()));
        return lines.size()
                + (lines.size() == 1 ? " night" : " nights")
                + words.entrySet().stream()
                        .map(word -> ", " + word.getValue() + " " + word.getKey())
                        .collect(Collectors.joining());
    }

    private static List<Month> months(TreeMap<LocalDate, Night> nights) {
        return nights.keySet().stream()
                .map(YearMonth::from)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .map(month -> new Month(MONTH.format(month), weeks(month, nights)))
                .toList();
    }

    private static List<List<Optional<Day>>> weeks(YearMonth month, Map<LocalDate, Night> nights) {
        List<List<Optional<Day>>> weeks = new ArrayList<>();
        LocalDate monday = month.atDay(1).with(DayOfWeek.MONDAY);
        for (; !YearMonth.from(monday).isAfter(month); monday = monday.plusDays(WEEK)) {
            weeks.add(monday.datesUntil(monday.plusDays(WEEK))
                    .map(day -> YearMonth.from(day).equals(month)
                            ? Optional.of(new Day(day.getDayOfMonth(), Optional.ofNullable(nights.get(day))))
                            : Optional.<Day>empty())
                    .toList());
        }
        return weeks;
    }
}
