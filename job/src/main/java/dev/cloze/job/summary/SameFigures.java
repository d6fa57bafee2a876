package dev.cloze.job.summary;

import dev.cloze.job.terminal.Terminal;
import dev.cloze.stats.CorpusState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs that scored the same corpus have other names, and count each: that is said. */
final class SameFigures {
    private SameFigures() {}

    /**
     * @param states of all runs
     * @param earlier runs but the present one
     */
    static void say(List<RunState> states, Map<String, EarlierRuns.Found> earlier, Terminal terminal) {
        Map<String, CorpusState> totals = new LinkedHashMap<>();
        for (RunState each : states) {
            totals.computeIfAbsent(each.run(), run -> CorpusState.empty()).merge(each.state());
        }
        List<String> runs = List.copyOf(totals.keySet());
        for (int i = 0; i < runs.size(); i++) {
            CorpusState state = totals.get(runs.get(i));
            String run = runs.get(i);
            runs.subList(i + 1, runs.size()).stream()
                    .filter(other -> !state.isEmpty() && state.isSameAs(totals.get(other)))
                    .findFirst()
                    .ifPresent(other -> terminal.say(named(run, earlier) + " and " + named(other, earlier)
                            + " have the same figures: if their documents are the same, they count twice"));
        }
    }

    private static String named(String run, Map<String, EarlierRuns.Found> earlier) {
        return earlier.containsKey(run)
                ? "the run " + run + " in " + earlier.get(run).place()
                : "this run";
    }
}
