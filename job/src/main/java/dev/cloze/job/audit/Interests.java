package dev.cloze.job.audit;

import dev.cloze.stats.exemplar.Excess;
import dev.cloze.stats.exemplar.Impact;
import dev.cloze.stats.judge.CountRule;
import dev.cloze.stats.judge.Finding;
import dev.cloze.stats.judge.Share;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which documents of a night show what was found.
 *
 * @param judged the night and what was found
 * @param states of its slices
 */
record Interests(JudgedNight judged, NightStates states) {
    /** Rules that find other cross-entropies than usual. */
    private static final Set<String> BY_CROSS_ENTROPY =
            Set.of("level", "cross-entropy", "spread", "spike", "tail", "trend", "baseline", "new-slice");
    /** Rules whose documents came on an earlier night. */
    private static final Set<String> BY_REPETITION = Set.of(CountRule.SEEN, "seen-limit", "same-data-again");

    /** Those of {@code slice}; absent where no document can show it, as when there are too few of them. */
    Optional<Interest> in(Slice slice) {
        Set<String> rules = judged.verdict().findings().stream()
                .filter(finding -> finding.slice().equals(slice))
                .map(Finding::rule)
                .collect(Collectors.toSet());
        Set<String> marks = marks(rules);
        Interest.Kinds kinds = new Interest.Kinds(
                usual("language", rules, slice, SliceState::languages),
                usual("script", rules, slice, SliceState::scripts));
        boolean isByCrossEntropy = rules.stream().anyMatch(BY_CROSS_ENTROPY::contains);
        boolean isShown = isByCrossEntropy || !marks.isEmpty() || !kinds.equals(Interest.Kinds.NONE);
        return isShown && states.of(slice).documents() > 0
                ? Optional.of(new Interest(
                        isByCrossEntropy ? excess(slice) : Excess.NONE,
                        impact(slice),
                        marks,
                        kinds,
                        lines(marks, slice)))
                : Optional.empty();
    }

    private static Set<String> marks(Set<String> rules) {
        Set<String> marks = new TreeSet<>(rules);
        marks.retainAll(Stream.concat(CountRule.MARKS.stream(), Stream.of(CountRule.COPIES, CountRule.LINE))
                .toList());
        if (rules.stream().anyMatch(BY_REPETITION::contains)) {
            marks.add(CountRule.SEEN);
        }
        return marks;
    }

    /** The usual kind, where the rule has found others. */
    private String usual(
            String rule, Set<String> rules, Slice slice, Function<SliceState, SortedMap<String, Long>> kinds) {
        return rules.contains(rule) ? CountRule.usual(before(slice), states.of(slice), kinds) : "";
    }

    private List<SliceState> before(Slice slice) {
        return states.before().stream().map(night -> night.of(slice)).toList();
    }

    private Set<Integer> lines(Set<String> marks, Slice slice) {
        return marks.contains(CountRule.LINE)
                ? CountRule.newLine(before(slice), states.of(slice))
                        .map(Set::of)
                        .orElse(Set.of())
                : Set.of();
    }

    private Excess excess(Slice slice) {
        return Excess.of(states.pooled(slice), states.of(slice).histogram());
    }

    private Impact impact(Slice slice) {
        double tokens = states.of(Slice.CORPUS).sums().n();
        return judged.verdict()
                .change()
                .map(change -> slice.isCorpus()
                        ? new Impact(change.before(), 1 / tokens)
                        : Impact.of(share(change.slices(), slice), tokens))
                .orElseGet(() -> new Impact(states.of(slice).crossEntropy(), 1 / tokens));
    }

    private static Share share(List<Share> shares, Slice slice) {
        return shares.stream()
                .filter(share -> share.slice().equals(slice))
                .findFirst()
                .orElseThrow();
    }
}
