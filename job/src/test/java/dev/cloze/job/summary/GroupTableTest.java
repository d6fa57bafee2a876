package dev.cloze.job.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.terminal.Terminal;
import dev.cloze.stats.CorpusState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupTableTest {
    private final Terminal terminal =
            new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));

    private static GroupFigures group(CorpusState state, String... names) {
        CorpusFigures figures = CorpusFigures.of(state, Documents.ofNlls(0));
        return GroupFigures.of(List.of("lang", "source"), Arrays.asList(names), figures);
    }

    private List<String> lines(int most, GroupFigures... groups) {
        return new GroupTable(List.of("lang", "source"), most)
                .of(List.of(groups), terminal)
                .lines()
                .map(line -> line.replaceAll(" +", " "))
                .toList();
    }

    @Test
    void aGroupIsALineOfItsNamesAndMainFigures() {
        CorpusState thousands = CorpusState.empty();
        thousands.add(1234567, 1234567, 1, 1, 0);

        assertThat(lines(9, group(thousands, "en", "web")))
                .containsExactly(
                        "lang source documents tokens_scored cross_entropy perplexity document_perplexity_p50 head middle"
                                + " tail",
                        "---- ------ --------- ------------- ------------- ---------- ----------------------- ------"
                                + " ------ ------",
                        "en web 1 1,234,567 0.0000 1.0000 1.0000 1.0000 0.0000 0.0000");
    }

    @Test
    void missingNamesAndFiguresAreShownAsMissing() {
        assertThat(lines(9, group(Documents.unscored(), null, "web")).get(2)).isEqualTo("(none) web 0 - - - - - - -");
    }

    @Test
    void groupsThatAreNotShownAreCounted() {
        GroupFigures group = group(Documents.unscored(), "en", "web");

        assertThat(lines(2, group, group)).hasSize(4);
        assertThat(lines(2, group, group, group))
                .hasSize(5)
                .last()
                .isEqualTo("and 1 more group: see _summary.json, or --show 3");
        assertThat(lines(1, group, group, group)).last().isEqualTo("and 2 more groups: see _summary.json, or --show 3");
    }
}
