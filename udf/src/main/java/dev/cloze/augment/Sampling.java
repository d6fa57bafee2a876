package dev.cloze.augment;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How one of the words that pass the filters is chosen: of the {@code topK} most probable ones, warmer or colder, those that
 * make up {@code topP}, and of these the ones that are probable enough.
 *
 * @param topK words that are looked at, at least 1
 * @param topP share of their probability, above 0 and at most 1, that is kept, the most probable words first
 * @param temperature above 0; below 1 probable words gain, above 1 improbable ones
 * @param minProbability of a word, as the model says it, over its whole vocabulary
 * @param choice by a draw, or the most probable one
 */
public record Sampling(int topK, double topP, double temperature, double minProbability, Choice choice)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Words that may be looked at for one place at most. */
    public static final int MOST_TOP_K = 10_000;

    /** When nobody says otherwise. */
    public static final Sampling DEFAULT = new Sampling(50, 1, 1, 0.03, Choice.DRAW);
    /** Filters drop some of the model's most probable tokens; so many more are looked through. */
    private static final int SPARE = 64;

    /** How one of several is chosen. */
    public enum Choice {
        DRAW,
        GREEDY
    }

    public Sampling {
        if (topK < 1 || topK > MOST_TOP_K || !(topP > 0 && topP <= 1) || !(temperature > 0) || !(minProbability >= 0)) {
            throw new IllegalArgumentException("A draw needs a word");
        }
    }

    /** The most probable tokens that the model is asked for, before filters. */
    int asked(int vocabularySize) {
        return (int) Math.min(vocabularySize, 2L * topK + SPARE);
    }

    /**
     * One of {@code candidates}.
     *
     * @param candidates by falling probability, at most {@code topK}
     * @param before log-probability of the pieces before it
     * @param uniform at least 0, less than 1
     */
    Optional<TokenCandidate> pick(List<TokenCandidate> candidates, double before, double uniform) {
        List<TokenCandidate> kept = nucleus(candidates).stream()
                .filter(candidate -> Math.exp(before + candidate.logProbability()) >= minProbability)
                .toList();
        if (kept.isEmpty() || choice == Choice.GREEDY) {
            return kept.stream().findFirst();
        }
        // By their ids: words of almost one probability may change places from machine to machine.
        List<TokenCandidate> byId = new ArrayList<>(kept);
        byId.sort(Comparator.comparingLong(TokenCandidate::id));
        double best = kept.get(0).logProbability();
        double left = uniform * byId.stream().mapToDouble(o -> weight(o, best)).sum();
        for (TokenCandidate candidate : byId) {
            left -= weight(candidate, best);
            if (left < 0) {
                return Optional.of(candidate);
            }
        }
        return Optional.of(byId.get(byId.size() - 1));
    }

    private List<TokenCandidate> nucleus(List<TokenCandidate> candidates) {
        if (candidates.isEmpty()) {
            return candidates;
        }
        double best = candidates.get(0).logProbability();
        double left =
                topP * candidates.stream().mapToDouble(o -> weight(o, best)).sum();
        int count = 0;
        while (count < candidates.size() && left > 0) {
            left -= weight(candidates.get(count), best);
            count++;
        }
        return candidates.subList(0, count);
    }

    private double weight(TokenCandidate candidate, double best) {
        return Math.exp((candidate.logProbability() - best) / temperature);
    }
}
