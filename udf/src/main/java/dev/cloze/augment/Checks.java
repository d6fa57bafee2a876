package dev.cloze.augment;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * What a candidate must pass as a whole, and what is measured of it.
 *
 * @param names of checks that were installed
 * @param minSimilarity cosine to the original; NaN when it does not matter
 * @param figures what is measured of each candidate
 */
public record Checks(List<String> names, double minSimilarity, Figures figures) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Checks {
        names = List.copyOf(names);
    }

    public static Checks of(List<String> names, OptionalDouble minSimilarity, Figures figures) {
        return new Checks(names, minSimilarity.orElse(Double.NaN), figures);
    }

    /** What is measured of each candidate. */
    public enum Figures {
        NONE,
        /** How its pseudo-log-likelihood differs from the original's. */
        PLL_CHANGE
    }

    /** Every check that was installed, by its name. */
    public static Map<String, SentenceCheck> installed() {
        return Installed.BY_NAME;
    }

    private static final class Installed {
        static final Map<String, SentenceCheck> BY_NAME = load();

        private static Map<String, SentenceCheck> load() {
            Map<String, SentenceCheck> found = new TreeMap<>();
            ServiceLoader.load(SentenceCheck.class, Thread.currentThread().getContextClassLoader())
                    .forEach(check -> found.put(check.name(), check));
            return found;
        }
    }

    List<SentenceCheck> all() {
        List<SentenceCheck> all = new ArrayList<>();
        for (String name : names) {
            SentenceCheck check = installed().get(name);
            if (check == null) {
                throw new IllegalStateException("check " + name + " is not installed on this executor");
            }
            all.add(check);
        }
        if (!Double.isNaN(minSimilarity)) {
            all.add(new MinSimilarity(minSimilarity));
        }
        return all;
    }

    boolean readSimilarity() {
        return all().stream().anyMatch(SentenceCheck::readsSimilarity);
    }
}
