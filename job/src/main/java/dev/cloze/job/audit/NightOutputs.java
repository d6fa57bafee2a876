package dev.cloze.job.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * What other programs read of the night that a command audited last, under names that do not change: each file is put to its place by a
 * rename, and is not touched when it would be the same.
 *
 * @param files of their directory
 */
public record NightOutputs(AuditFiles files) {
    /** Outputs in {@code directory}. */
    public static NightOutputs in(String directory, Configuration hadoop) {
        return new NightOutputs(AuditFiles.in(directory, hadoop));
    }

    /**
     * Writes all of them.
     *
     * @param page of the night
     */
    void write(VerdictRecord verdict, String page) {
        put("report.html", page);
        put("summary.md", new SummaryMarkdown(verdict).text());
        put("junit.xml", new JUnitXml(verdict).text());
        put("cloze_audit_" + plain(verdict.corpus()) + ".prom", new PrometheusText(verdict).text());
        JsonNode event = new OpenLineageEvent(verdict).json();
        files.replace(files.place("openlineage.json"), AuditFiles.bytes(event));
        files.replace(files.place("verdict.json"), AuditFiles.bytes(verdict));
    }

    private void put(String name, String text) {
        files.replace(files.place(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private static String plain(String corpus) {
        return corpus.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.-]", "_");
    }
}
