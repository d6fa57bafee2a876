package dev.cloze.stats.exemplar;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Groups of near-duplicates: two texts are near-duplicates when 70 % of their {@link Shingles} are common to both, and so are the
 * near-duplicates of near-duplicates. A thousand texts are compared with one another in less than a second, so that nothing is estimated.
 */
final class Alike {
    private static final double MOST_OF_IT = 0.7;

    private final List<Optional<Shingles>> shingles;
    private final int[] parents;

    private Alike(List<Candidate> candidates) {
        shingles = candidates.stream()
                .map(candidate -> candidate.text().map(Shingles::of))
                .toList();
        parents = IntStream.range(0, shingles.size()).toArray();
    }

    /** {@code candidates} in groups, in the order of the first of each; one without a text is a group. */
    static Collection<List<Candidate>> groups(List<Candidate> candidates) {
        Alike alike = new Alike(candidates);
        alike.join();
        Map<Integer, List<Candidate>> groups = new LinkedHashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            groups.computeIfAbsent(alike.root(i), any -> new ArrayList<>()).add(candidates.get(i));
        }
        return groups.values();
    }

    private void join() {
        for (int i = 1; i < parents.length; i++) {
            for (int j = 0; j < i; j++) {
                int one = root(i);
                int other = root(j);
                if (one != other && areAlike(i, j)) {
                    parents[Math.max(one, other)] = Math.min(one, other);
                }
            }
        }
    }

    private int root(int of) {
        int root = of;
        while (parents[root] != root) {
            parents[root] = parents[parents[root]];
            root = parents[root];
        }
        return root;
    }

    private boolean areAlike(int i, int j) {
        return shingles.get(i)
                .flatMap(one -> shingles.get(j).map(other -> one.areAlike(other, MOST_OF_IT)))
                .orElse(false);
    }
}
