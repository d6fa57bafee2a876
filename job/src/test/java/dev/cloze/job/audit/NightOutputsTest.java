package dev.cloze.job.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.audit.MadeUpNights.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** What other programs read of a night. */
class NightOutputsTest {
    private static final String HOSTILE = "</failure>\" | <b>`*x*`\u0000\u202E";
    private static final int LAST = 16;

    @TempDir
    Path directory;

    @BeforeEach
    void aNightOfDrift() {
        PlainAudit audit = new PlainAudit(directory.resolve("history"), "source");
        MadeUpNights made = new MadeUpNights(List.of("letters", HOSTILE), 80);
        audit.audits.backfill(made.nights(LAST), MadeUpNights.date(0), MadeUpNights.date(LAST - 1));
        audit.audits.night(made.night(LAST, new Fault(HOSTILE, 0.9, 0.3)));
    }

    private Path file(String name) {
        return directory.resolve("history-outputs").resolve(name);
    }

    @Test
    void filesOfOthersStay() throws IOException {
        Path other = Files.createDirectories(directory.resolve("other-outputs"));
        Path precious = Files.writeString(other.resolve("junit.xml"), "mine");

        assertThatThrownBy(() -> new PlainAudit(directory.resolve("other"), "source")
                        .audits.night(new MadeUpNights(List.of("letters"), 80).night(0, Fault.NONE)))
                .hasMessage(
                        "Cannot write the outputs of an audit into " + other
                                + ": junit.xml is there and was not written by an audit; give --outputs a directory of its own");
        assertThat(precious).hasContent("mine");

        Files.delete(precious);
        Path metrics = Files.writeString(other.resolve("cloze_audit_news.prom"), "mine");
        assertThatThrownBy(() -> new PlainAudit(directory.resolve("other"), "source")
                        .audits.night(new MadeUpNights(List.of("letters"), 80).night(0, Fault.NONE)))
                .hasMessageContaining("cloze_audit_news.prom is there and was not written by an audit");
        Files.delete(metrics);
        Files.writeString(other.resolve("verdict.json"), "{}");
        assertThatThrownBy(() -> new PlainAudit(directory.resolve("other"), "source")
                        .audits.night(new MadeUpNights(List.of("letters"), 80).night(0, Fault.NONE)))
                .hasMessageContaining("verdict.json is there and was not written by an audit");
    }

    @Test
    void aFileOfAnotherNameAmongThePagesIsPassedOver() throws IOException {
        Path stray = Files.writeString(directory.resolve("history/reports/2026-03-02 (copy).html"), "mine");
        PlainAudit audit = new PlainAudit(directory.resolve("history"), "source");

        audit.audits.night(new MadeUpNights(List.of("letters", HOSTILE), 80).night(LAST + 1, Fault.NONE));

        assertThat(stray).hasContent("mine");
        assertThat(directory.resolve("history/reports/index.html"))
                .content()
                .contains(MadeUpNights.date(LAST + 1).toString());
    }

    @Test
    void aHistoryDoesNotBeginAmongReportsOfOthers() throws IOException {
        Path reports = Files.createDirectories(directory.resolve("site/reports"));

        assertThatThrownBy(() -> new PlainAudit(reports.getParent(), "source")
                        .audits.night(new MadeUpNights(List.of("letters"), 80).night(0, Fault.NONE)))
                .hasMessage(
                        "Cannot begin a history in " + reports.getParent() + ": it has latest.json or reports that no"
                                + " audit has written; give --history a directory of its own");
    }

    @Test
    void theirNamesAreAlwaysTheSameAndNothingElseIsThere() throws IOException {
        try (Stream<Path> files = Files.list(file(""))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "report.html",
                            "summary.md",
                            "verdict.json",
                            "junit.xml",
                            "openlineage.json",
                            "cloze_audit_news.prom");
        }
        assertThat(file("report.html"))
                .hasSameBinaryContentAs(directory.resolve("history/reports/" + MadeUpNights.date(LAST) + ".html"));
        assertThat(file("verdict.json")).hasSameBinaryContentAs(directory.resolve("history/latest.json"));
    }

    @Test
    void driftIsAFailureOfATestOfTheSlice() throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file("junit.xml").toFile())
                .getDocumentElement();
        assertThat(suite.getAttribute("name")).isEqualTo("news " + MadeUpNights.date(LAST));
        int tests = suite.getElementsByTagName("testcase").getLength();
        assertThat(suite.getAttribute("tests")).isEqualTo(String.valueOf(tests));
        assertThat(suite.getElementsByTagName("failure").getLength())
                .isEqualTo(Integer.parseInt(suite.getAttribute("failures")))
                .isPositive();
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).startsWith("Source </failure>\" | <b>`*x*`\\u0000\\u202e: ");
        assertThat(((Element) failure.getParentNode()).getAttribute("classname"))
                .startsWith("</failure>");
    }

    @Test
    void theSummaryIsNothingButText() throws IOException {
        String summary = Files.readString(file("summary.md"));
        assertThat(summary)
                .startsWith("## DRIFT · news · " + MadeUpNights.date(LAST)
                        + "\n\n**Source \\</failure\\>\" \\| \\<b\\>\\`\\*x\\*\\`")
                .contains("\n| drift | " + MadeUpNights.date(LAST) + " | Source \\</failure\\>");
        assertThat(summary.lines().filter(line -> line.startsWith("|")).map(line -> line.replace("\\|", "")
                        .chars()
                        .filter(c -> c == '|')
                        .count()))
                .containsOnly(4L);
    }

    @Test
    void prometheusReadsEveryLine() throws IOException {
        List<String> lines = Files.readAllLines(file("cloze_audit_news.prom"));
        assertThat(lines.stream().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.matches(
                        "cloze_audit_[a-z_]+\\{corpus=\"news\"(,[a-z]+=\"([^\"\\\\]|\\\\[\\\\\"n])*\")*} -?[0-9.E-]+"))
                .contains("cloze_audit_verdict{corpus=\"news\"} 2")
                .contains("cloze_audit_night_timestamp_seconds{corpus=\"news\"} "
                        + LocalDate.parse("2026-03-18").atStartOfDay().toEpochSecond(ZoneOffset.UTC))
                .anyMatch(line -> line.startsWith("cloze_audit_marked_documents{corpus=\"news\",mark=\"mojibake\"} "))
                .anyMatch(line -> line.startsWith("cloze_audit_expected_high{corpus=\"news\",slice=\"letters\"} "));
        assertThat(lines.stream().filter(line -> line.startsWith("# TYPE")).collect(Collectors.toSet()))
                .hasSameSizeAs(
                        lines.stream().filter(line -> line.startsWith("# TYPE")).toList());
    }

    @Test
    void slicesOfAlikeNamesAreSeriesOfTheirOwn() throws IOException {
        List<String> alike = List.of(
                "whole corpus",
                "(none)",
                "x\u200B",
                "x\\u200b",
                "https://" + "a".repeat(300),
                "https://" + "a".repeat(301));
        PlainAudit audit = new PlainAudit(directory.resolve("alike"), "source");
        audit.audits.night(new MadeUpNights(alike, 80).night(0, Fault.NONE));

        List<String> series = Files.readAllLines(directory.resolve("alike-outputs/cloze_audit_news.prom")).stream()
                .filter(line -> line.startsWith("cloze_audit_documents"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();

        assertThat(series).hasSize(alike.size() + 1).doesNotHaveDuplicates();
    }

    @Test
    void addressesInTheSummaryAreNoLinks() {
        String address = "https://evil.example or www.evil.example";
        PlainAudit audit = new PlainAudit(directory.resolve("links"), "source");
        MadeUpNights made = new MadeUpNights(List.of("letters", address), 80);
        audit.audits.backfill(made.nights(LAST), MadeUpNights.date(0), MadeUpNights.date(LAST - 1));
        audit.audits.night(made.night(LAST, new Fault(address, 0.9, 0.3)));

        assertThat(directory.resolve("links-outputs/summary.md"))
                .content()
                .contains("https\\://evil.example or www\\.evil.example")
                .doesNotContain("https://", "www.evil");
    }

    @Test
    void theEventOfOpenLineageHasAnAssertionForEachCheck() throws IOException {
        JsonNode event = new ObjectMapper().readTree(file("openlineage.json").toFile());
        assertThat(event.get("eventType").asText()).isEqualTo("COMPLETE");
        UUID.fromString(event.get("run").get("runId").asText());
        JsonNode facets = event.get("inputs").get(0).get("inputFacets");
        assertThat(facets.get("dataQualityMetrics").get("rowCount").asLong()).isPositive();
        JsonNode verdict = new ObjectMapper().readTree(file("verdict.json").toFile());
        assertThat(facets.get("dataQualityAssertions").get("assertions"))
                .hasSizeGreaterThanOrEqualTo(verdict.get("checks").size());
        assertThat(facets.get("dataQualityAssertions").findValuesAsText("success"))
                .contains("true", "false");
    }
}
