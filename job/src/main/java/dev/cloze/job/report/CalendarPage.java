package dev.cloze.job.report;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The page of a history: a calendar of its nights.
 *
 * @param counted how many nights have which verdict, in words
 * @param months the newest first
 * @param notable nights with something to look at, the newest first
 */
public record CalendarPage(String corpus, String counted, List<Month> months, List<Night> notable) {

    /**
     * A month.
     *
     * @param weeks of seven days from Monday to Sunday each; a day of another month is absent
     */
    public record Month(String name, List<List<Optional<Day>>> weeks) {}

    /**
     * A day.
     *
     * @param night what was said of it; absent when it was not audited
     */
    public record Day(int number, Optional<Night> night) {}

    /**
     * A night.
     *
     * @param page the file of its page; empty when it has none
     */
    public record Night(LocalDate date, Tone tone, String word, String sentence, String page) {}

    static List<String> weekdays() {
        return List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    }
}
