package dev.cloze.job.audit;

import dev.cloze.stats.exemplar.Candidate;
import dev.cloze.stats.night.Slice;
import java.time.LocalDate;
import java.util.List;

/** The documents of the nights that are audited. */
public interface NightDocuments {
    /** Documents that are looked at. */
    int MOST = 1_000;

    /**
     * Documents of {@code slice} in the night {@code date} that are of {@code interest}: those that show most of the change, in an order that
     * depends on nothing but them.
     */
    List<Candidate> candidates(LocalDate date, Slice slice, Interest interest);
}
