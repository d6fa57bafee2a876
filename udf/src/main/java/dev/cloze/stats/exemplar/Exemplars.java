package dev.cloze.stats.exemplar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Which of many documents show a change best. */
public final class Exemplars {
    private static final int TYPICAL = 3;
    private static final int EXTREME = 2;
    /** Rather there because of the change than not. */
    private static final double LIKELY = 0.5;

    /** What a document stands for. */
    public enum Kind {
        /** In the middle of a group of near-duplicates, or of all documents that are there because of the change. */
        TYPICAL,
        /** It adds most to the change. */
        EXTREME
    }

    /**
     * A document that is shown.
     *
     * @param alike how many of the candidates are near-duplicates of it, with itself
     */
    public record Exemplar(Kind kind, Candidate document, int alike) {}

    private Exemplars() {}

    /**
     * Three typical and two extreme documents at most, none of which is a near-duplicate of another.
     *
     * @param candidates in an order that does not depend on chance
     */
    public static List<Exemplar> of(List<Candidate> candidates) {
        List<Candidate> likely =
                candidates.stream().filter(each -> each.excess() >= LIKELY).toList();
        List<List<Candidate>> groups = new ArrayList<>(Alike.groups(likely.isEmpty() ? candidates : likely));
        if (groups.isEmpty()) {
            return List.of();
        }
        double center = median(groups.stream().flatMap(List::stream).toList());
        groups.sort(Comparator.comparing((List<Candidate> group) -> -group.size())
                .thenComparing(group -> Math.abs(median(group) - center)));
        Stream<Exemplar> typical = groups.stream()
                .limit(TYPICAL)
                .map(group -> new Exemplar(Kind.TYPICAL, nearest(group, median(group)), group.size()));
        Stream<Exemplar> extreme = groups.stream()
                .skip(TYPICAL)
                .sorted(Comparator.comparing(group -> -heaviest(group).weight()))
                .limit(EXTREME)
                .map(group -> new Exemplar(Kind.EXTREME, heaviest(group), group.size()));
        return Stream.concat(typical, extreme).toList();
    }

    /** The cross-entropy in the middle. */
    private static double median(List<Candidate> candidates) {
        return candidates.stream()
                .map(Candidate::crossEntropy)
                .sorted()
                .skip((candidates.size() - 1) / 2)
                .findFirst()
                .orElseThrow();
    }

    private static Candidate nearest(List<Candidate> group, double crossEntropy) {
        return group.stream()
                .min(Comparator.comparing(each -> Math.abs(each.crossEntropy() - crossEntropy)))
                .orElseThrow();
    }

    private static Candidate heaviest(List<Candidate> group) {
        return group.stream().min(Comparator.comparing(each -> -each.weight())).orElseThrow();
    }
}
