package dev.cloze.job.audit;

import dev.cloze.stats.night.Night;
import java.time.LocalDate;
import java.util.List;

/** Where the nights that are audited come from. */
public interface NightSource {
    /** The night {@code date}, of which there may be no document. */
    Night night(LocalDate date);

    /** All nights from {@code first} to {@code last} that have a document, in the order of their dates. */
    List<Night> nights(LocalDate first, LocalDate last);

    /** The documents of these nights. */
    NightDocuments documents();
}
