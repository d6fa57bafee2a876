package dev.cloze.job.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.failure.ClozeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * What other programs read of the night that a command audited last, under names that do not change: each file is put to its place by a
 * rename, and is not touched when it would be the same.
 *
 * @param files of their directory
 */
public record NightOutputs(AuditFiles files) {
    private static final String VERDICT = "verdict.json";
    private static final List<String> OTHERS = List.of("report.html", "summary.md", "junit.xml", "openlineage.json");

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
        requireOwn(metrics(verdict));
        // The first one, because it is the mark of the others.
        files.replace(files.place(VERDICT), AuditFiles.bytes(verdict));
        put("report.html", page);
        put("summary.md", new SummaryMarkdown(verdict).text());
        put("junit.xml", new JUnitXml(verdict).text());
        put(metrics(verdict), new PrometheusText(verdict).text());
        JsonNode event = new OpenLineageEvent(verdict).json();
        files.replace(files.place("openlineage.json"), AuditFiles.bytes(event));
    }

    /** Fails when files are there under these names that no audit has written. */
    private void requireOwn(String metrics) {
        if (!files.exists(files.place(VERDICT))) {
            Stream.concat(OTHERS.stream(), Stream.of(metrics))
                    .filter(name -> files.exists(files.place(name)))
                    .findFirst()
                    .ifPresent(this::refuse);
        } else if (files.read(files.place(VERDICT), JsonNode.class, json -> !json.has("baseline"))) {
            refuse(VERDICT);
        }
    }

    private void refuse(String name) {
        throw ClozeException.user(
                "write the outputs of an audit into " + files.name(),
                name + " is there and was not written by an audit",
                "give --outputs a directory of its own");
    }

    private void put(String name, String text) {
        files.replace(files.place(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private static String metrics(VerdictRecord verdict) {
        return "cloze_audit_" + plain(verdict.corpus()) + ".prom";
    }

    private static String plain(String corpus) {
        return corpus.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.-]", "_");
    }
}
