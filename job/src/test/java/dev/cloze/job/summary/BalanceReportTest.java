package dev.cloze.job.summary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.cloze.job.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BalanceReportTest {
    private final BalanceReport report = new BalanceReport(
            "label", 1200, ClassFigures.of(new TreeMap<>(Map.of("common", 1200L, "rare", 30L)), Map.of("rare", 1170L)));

    @Test
    void theFileHasTheseNamesInThisOrder() throws JsonProcessingException {
        assertThat(Documents.json(report)).isEqualTo("""
                {
                  "balance_by" : "label",
                  "target" : 1200,
                  "classes" : [ {
                    "class" : "common",
                    "documents" : 1200,
                    "candidates" : 0,
                    "together" : 1200
                  }, {
                    "class" : "rare",
                    "documents" : 30,
                    "candidates" : 1170,
                    "together" : 1200
                  } ]
                }
                """);
    }

    @Test
    void theTableHasTheSameNumbers() {
        Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));

        assertThat(report.table(terminal).lines())
                .containsExactly(
                        "label   documents  candidates  together",
                        "------  ---------  ----------  --------",
                        "common      1,200           0     1,200",
                        "rare           30       1,170     1,200");
    }
}
