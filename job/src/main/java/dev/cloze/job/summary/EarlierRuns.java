package dev.cloze.job.summary;

import dev.cloze.failure.ClozeException;
import dev.cloze.stats.CorpusState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * States of earlier runs by the runs' names: a run that was merged into several others counts once. All of them must have the same
 * states of it; otherwise it was refreshed after one had merged it, and no order of the outputs says which are right.
 */
final class EarlierRuns {
    private EarlierRuns() {}

    /**
     * A run in an output.
     *
     * @param place the output
     */
    record Found(String place, List<RunState> states, Map<List<String>, CorpusState> groups) {
        CorpusState total() {
            CorpusState total = CorpusState.empty();
            groups.values().forEach(total::merge);
            return total;
        }
    }

    /** @param outputs states by where they are, in an order that does not depend on that of the command line */
    static Map<String, Found> of(Map<String, List<RunState>> outputs) {
        Map<String, Found> runs = new LinkedHashMap<>();
        outputs.forEach((place, states) -> byRun(place, states).forEach((name, found) -> {
            Found known = runs.putIfAbsent(name, found);
            if (known != null && !sameGroups(known.groups, found.groups)) {
                throw different(name, known, found);
            }
        }));
        return runs;
    }

    private static Map<String, Found> byRun(String place, List<RunState> states) {
        Map<String, Found> runs = new LinkedHashMap<>();
        for (RunState each : states) {
            Found found = runs.computeIfAbsent(
                    each.run(), name -> new Found(place, new ArrayList<>(), new LinkedHashMap<>()));
            found.states.add(each);
            found.groups
                    .computeIfAbsent(each.group(), names -> CorpusState.empty())
                    .merge(each.state());
        }
        return runs;
    }

    private static boolean sameGroups(Map<List<String>, CorpusState> one, Map<List<String>, CorpusState> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream()
                        .allMatch(each -> each.getValue().isSameAs(Objects.requireNonNull(other.get(each.getKey()))));
    }

    private static ClozeException different(String name, Found one, Found other) {
        return ClozeException.user(
                "merge " + one.place + " and " + other.place,
                "both have states of the run " + name + ", and they differ: " + documents(one) + " in " + one.place
                        + ", "
                        + documents(other) + " in " + other.place
                        + ", so that it was scored again after one of them had merged it",
                "run the command again whose --output has the older states, which scores no row again, or merge only one"
                        + " of the two");
    }

    private static String documents(Found run) {
        long documents = run.total().sums().documents();
        return documents == 1 ? "1 document" : documents + " documents";
    }
}
