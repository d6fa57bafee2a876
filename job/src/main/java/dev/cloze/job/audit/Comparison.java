package dev.cloze.job.audit;

import dev.cloze.failure.ClozeException;
import dev.cloze.stats.exemplar.Excess;
import dev.cloze.stats.exemplar.Exemplars;
import dev.cloze.stats.exemplar.Exemplars.Exemplar;
import dev.cloze.stats.exemplar.Impact;
import dev.cloze.stats.judge.Decomposition;
import dev.cloze.stats.judge.Decomposition.Tokens;
import dev.cloze.stats.judge.Share;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Two sets of documents: two outputs of {@code cloze perplexity}, or two nights of a history. Nothing is judged.
 *
 * @param before one of them
 * @param now the other
 */
public record Comparison(ComparedSide before, ComparedSide now) {
    /** Of two outputs. */
    public static Comparison of(
            ScoredDocuments before, ScoredDocuments now, SparkSession spark, Consumer<String> terminal) {
        return new Comparison(before.whole(spark, terminal), now.whole(spark, terminal));
    }

    /** Of two nights. */
    public static Comparison of(AuditHistory history, LocalDate before, LocalDate now, SparkSession spark) {
        Map<LocalDate, List<StoredNight>> stored = history.runs(spark).until(before.isAfter(now) ? before : now);
        return new Comparison(side(history, stored, before), side(history, stored, now));
    }

    private static ComparedSide side(AuditHistory history, Map<LocalDate, List<StoredNight>> stored, LocalDate date) {
        Night night = Optional.ofNullable(stored.get(date))
                .map(ofADate -> StoredNight.counting(ofADate).night())
                .orElseThrow(() -> ClozeException.user(
                        "compare the night " + date,
                        "it is not in " + history.files().name(),
                        "name nights that cloze audit show lists"));
        return new ComparedSide(date.toString(), night, Optional.empty());
    }

    /** Where the difference of the cross-entropies comes from. */
    Decomposition change() {
        requireDocuments(before);
        requireDocuments(now);
        return Decomposition.of(tokens(before), tokens(now));
    }

    private static void requireDocuments(ComparedSide side) {
        if (side.corpus().documents() == 0) {
            throw ClozeException.corpus(
                    "compare " + side.name(), "it has no document with a score", "name another one", null);
        }
    }

    private static Map<Slice, Tokens> tokens(ComparedSide side) {
        Map<Slice, Tokens> tokens = new LinkedHashMap<>();
        side.slices()
                .forEach((slice, state) -> tokens.put(
                        slice, new Tokens(state.sums().n(), state.sums().nll())));
        return tokens;
    }

    /** Documents of the {@code most} slices that changed most that would not be there if nothing had changed; none without a table. */
    Map<Slice, List<Exemplar>> exemplars(Decomposition change, int most) {
        return now.table()
                .map(table -> new TableDocuments(any -> Optional.of(table)))
                .map(documents -> change.slices().stream()
                        .filter(share -> share.share() > 0)
                        .sorted(Comparator.comparing(share -> -Math.abs(share.within()) - Math.abs(share.mix())))
                        .limit(most)
                        .collect(Collectors.toMap(
                                Share::slice,
                                share -> Exemplars.of(
                                        documents.candidates(ComparedSide.ANY_NIGHT, share.slice(), interest(share))),
                                (one, other) -> one,
                                LinkedHashMap::new)))
                .orElseGet(LinkedHashMap::new);
    }

    private Interest interest(Share share) {
        SliceState tonight = now.night().of(share.slice());
        Excess excess = Excess.of(before.night().of(share.slice()).histogram(), tonight.histogram());
        Impact impact = Impact.of(share, now.corpus().sums().n());
        return new Interest(excess, impact, Set.of(), Interest.Kinds.NONE, Set.of());
    }

    /** The documents that both have, where these are at hand. */
    Optional<CommonDocuments> common() {
        return before.table().flatMap(one -> now.table().flatMap(other -> CommonDocuments.of(one, other)));
    }
}
