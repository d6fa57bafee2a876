package dev.cloze.job.audit;

import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;

/** The nights that a history holds. */
interface StoredNights {
    /** Writes a night, unless the same is there. */
    void write(StoredNight night);

    /** All runs of every date until {@code last}, in the order of the dates. */
    TreeMap<LocalDate, List<StoredNight>> until(LocalDate last);
}
