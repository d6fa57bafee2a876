package dev.cloze.augment;

import dev.cloze.failure.ClozeException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.ServiceConfigurationError;
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
        static final Map<String, SentenceCheck> BY_NAME =
                installed(Thread.currentThread().getContextClassLoader());
    }

    static Map<String, SentenceCheck> installed(ClassLoader loader) {
        Map<String, SentenceCheck> found = new TreeMap<>();
        try {
            for (SentenceCheck check : ServiceLoader.load(SentenceCheck.class, loader)) {
                SentenceCheck other = found.put(check.name(), check);
                if (other != null) {
                    throw unusable(check.getClass().getName() + " and "
                            + other.getClass().getName() + " are both called " + check.name());
                }
            }
            return found;
        } catch (ServiceConfigurationError e) {
            throw unusable(String.valueOf(e.getMessage()));
        }
    }

    private static ClozeException unusable(String why) {
        return ClozeException.user(
                "load the checks of --jars", why, "correct META-INF/services/" + SentenceCheck.class.getName());
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
