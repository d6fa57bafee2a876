package dev.cloze.job.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.stats.CorpusState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EarlierRunsTest {
    private static RunState state(String run, String group, CorpusState state) {
        return new RunState(run, List.of(group), state);
    }

    /** Outputs of {@code a} and {@code b} in this order. */
    private static Map<String, List<RunState>> outputs(List<RunState> a, List<RunState> b) {
        Map<String, List<RunState>> outputs = new LinkedHashMap<>();
        outputs.put("a", a);
        outputs.put("b", b);
        return outputs;
    }

    @Test
    void aRunInTwoOutputsCountsOnce() {
        List<RunState> own = List.of(state("first", "en", Documents.ofNlls(1)));
        List<RunState> both =
                List.of(state("second", "en", Documents.ofNlls(5)), state("first", "en", Documents.ofNlls(1)));

        Map<String, EarlierRuns.Found> runs = EarlierRuns.of(outputs(own, both));

        assertThat(runs.keySet()).containsExactly("first", "second");
        assertThat(runs.get("first").place()).isEqualTo("a");
        assertThat(runs.get("first").states()).hasSize(1);
        assertThat(runs.get("second").place()).isEqualTo("b");
    }

    @Test
    void statesOfOneGroupAreAddedUpBeforeTheyAreCompared() {
        List<RunState> finer =
                List.of(state("first", "en", Documents.ofNlls(1)), state("first", "en", Documents.ofNlls(2, 4)));
        List<RunState> coarser = List.of(state("first", "en", Documents.ofNlls(1, 2, 4)));

        EarlierRuns.Found found = EarlierRuns.of(outputs(finer, coarser)).get("first");

        assertThat(found.states()).isEqualTo(finer);
        assertThat(found.total().sums().nll()).isEqualTo(7);
    }

    @Test
    void aRunThatWasScoredAgainIsRefused() {
        List<RunState> older = List.of(state("first", "en", Documents.ofNlls(1)));
        List<RunState> newer =
                List.of(state("first", "en", Documents.ofNlls(1)), state("first", "de", Documents.ofNlls(2)));

        assertThatThrownBy(() -> EarlierRuns.of(outputs(older, newer)))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot merge a and b: both have states of the run first, and they differ: 1 document in a,"
                        + " 2 documents in b, so that it was scored again after one of them had merged it; run the"
                        + " command again whose --output has the older states, which scores no row again, or merge only"
                        + " one of the two");
    }

    @Test
    void theSameDocumentsInOtherGroupsAreOtherStates() {
        CorpusState state = Documents.ofNlls(1);

        assertThatThrownBy(() -> EarlierRuns.of(
                        outputs(List.of(state("first", "en", state)), List.of(state("first", "de", state)))))
                .hasMessageContaining("1 document in a, 1 document in b");
    }

    @Test
    void otherFiguresOfTheSameDocumentsAreOtherStates() {
        List<RunState> one = List.of(state("first", "en", Documents.ofNlls(1)));

        assertThatThrownBy(() -> EarlierRuns.of(outputs(one, List.of(state("first", "en", Documents.ofNlls(1.01))))))
                .isInstanceOf(ClozeException.class);
        // Another batch moves a figure by less than a hundred-thousandth of it.
        assertThat(EarlierRuns.of(outputs(one, List.of(state("first", "en", Documents.ofNlls(1.000001))))))
                .containsOnlyKeys("first");
    }
}
