package dev.cloze.job.summary;

import dev.cloze.stats.CorpusState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * States of all runs, added up.
 *
 * @param groups by their names, missing ones first
 * @param corpus all of them together
 */
record CorpusGroups(Map<List<String>, CorpusState> groups, CorpusState corpus) {
    private static final Comparator<String> MISSING_FIRST = Comparator.nullsFirst(Comparator.naturalOrder());

    private static final Comparator<List<String>> BY_NAME = (left, right) -> {
        for (int i = 0; i < left.size(); i++) {
            int order = MISSING_FIRST.compare(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    };

    /** Adds {@code states} up in their order. */
    static CorpusGroups of(List<RunState> states) {
        Map<List<String>, CorpusState> groups = new TreeMap<>(BY_NAME);
        CorpusState corpus = CorpusState.empty();
        for (RunState each : states) {
            groups.computeIfAbsent(each.group(), name -> CorpusState.empty()).merge(each.state());
            corpus.merge(each.state());
        }
        return new CorpusGroups(groups, corpus);
    }
}
