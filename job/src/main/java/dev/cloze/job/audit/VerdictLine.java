package dev.cloze.job.audit;

import java.time.LocalDate;
import java.util.Objects;
import java.util.stream.Stream;

/** What a list of nights needs of a {@link VerdictRecord}. */
record VerdictLine(String date, String run, int sequence, String verdict, String sentence) {
    /** This, when nothing of it is missing. */
    VerdictLine whole() {
        Stream.of(run, verdict, sentence).forEach(part -> Objects.requireNonNull(part, "a part of it is missing"));
        day();
        return this;
    }

    LocalDate day() {
        return LocalDate.parse(date);
    }
}
