package dev.cloze.job.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.terminal.Terminal;
import dev.cloze.stats.CorpusState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SameFiguresTest {
    private final StringWriter err = new StringWriter();

    /** What is said of {@code own} states of this run and one state of each earlier one. */
    private String said(CorpusState own, Map<String, CorpusState> earlier) {
        List<RunState> states = new ArrayList<>(List.of(new RunState("tonight", List.of(), own)));
        Map<String, List<RunState>> outputs = new LinkedHashMap<>();
        earlier.forEach((run, state) -> {
            states.add(new RunState(run, List.of(), state));
            outputs.put("out-" + run, List.of(new RunState(run, List.of(), state)));
        });
        SameFigures.say(
                states,
                EarlierRuns.of(outputs),
                new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err)));
        return err.toString();
    }

    @Test
    void theSameFiguresUnderTwoNamesAreSaid() {
        assertThat(said(Documents.ofNlls(1, 2), Map.of("first", Documents.ofNlls(2, 1))))
                .isEqualTo(
                        "cloze: this run and the run first in out-first have the same figures: if their documents are"
                                + " the same, they count twice\n");
    }

    @Test
    void earlierRunsAreComparedWithEachOtherToo() {
        Map<String, CorpusState> earlier = new LinkedHashMap<>();
        earlier.put("first", Documents.ofNlls(3));
        earlier.put("second", Documents.ofNlls(3));

        assertThat(said(Documents.ofNlls(1, 2), earlier))
                .startsWith("cloze: the run first in out-first and the run second in out-second have the same figures");
    }

    @Test
    void otherFiguresAndEmptyRunsAreNotSaid() {
        assertThat(said(Documents.ofNlls(1, 2), Map.of("first", Documents.ofNlls(1, 3))))
                .isEmpty();
        assertThat(said(Documents.unscored(), Map.of("first", Documents.unscored())))
                .isEmpty();
    }
}
