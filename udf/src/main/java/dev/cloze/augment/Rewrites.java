package dev.cloze.augment;

import dev.cloze.scoring.Status;
import java.util.List;
import java.util.Optional;

/**
 * The candidates of one document.
 *
 * @param all by rising variants
 * @param shortfall why there are fewer than were asked for
 */
public record Rewrites(List<Rewrite> all, Optional<Shortfall> shortfall) {

    /**
     * Why there are fewer candidates than were asked for.
     *
     * @param status {@link Status#FEW_VARIANTS}, or {@link Status#NO_CANDIDATE} when there is none
     * @param reason in words
     */
    public record Shortfall(Status status, String reason) {}
}
