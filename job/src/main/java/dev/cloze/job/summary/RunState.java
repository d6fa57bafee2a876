package dev.cloze.job.summary;

import dev.cloze.stats.CorpusState;
import java.util.List;

/**
 * What a run's documents of one group add up to.
 *
 * @param run names the run
 * @param group values of the columns that name groups, some of them null; empty when there are no groups
 */
record RunState(String run, List<String> group, CorpusState state) {}
