package dev.cloze.job.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A night as an event of OpenLineage: the corpus is the input of a run that is complete, with rows and assertions. Its time is that of the night. */
record OpenLineageEvent(VerdictRecord verdict) {
    private static final String SPECIFICATION = "https://openlineage.io/spec/";
    private static final String NAMESPACE = "cloze";

    JsonNode json() {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("eventType", "COMPLETE");
        event.put("eventTime", verdict.date() + "T00:00:00Z");
        event.put("producer", NAMESPACE);
        event.put("schemaURL", SPECIFICATION + "2-0-2/OpenLineage.json#/$defs/RunEvent");
        event.putObject("run")
                .put(
                        "runId",
                        UUID.nameUUIDFromBytes((verdict.corpus() + verdict.run() + verdict.sequence())
                                        .getBytes(StandardCharsets.UTF_8))
                                .toString());
        event.putObject("job").put("namespace", NAMESPACE).put("name", "audit." + verdict.corpus());
        ObjectNode input = event.putArray("inputs").addObject();
        input.put("namespace", NAMESPACE).put("name", verdict.corpus());
        ObjectNode facets = input.putObject("inputFacets");
        facet(facets, "dataQualityMetrics", "1-0-2/DataQualityMetricsInputDatasetFacet.json")
                .put("rowCount", verdict.corpusFigures().rows())
                .putObject("columnMetrics");
        assertions(facet(facets, "dataQualityAssertions", "1-0-1/DataQualityAssertionsDatasetFacet.json")
                .putArray("assertions"));
        event.putArray("outputs");
        return event;
    }

    private static ObjectNode facet(ObjectNode facets, String name, String schema) {
        return facets.putObject(name).put("_producer", NAMESPACE).put("_schemaURL", SPECIFICATION + "facets/" + schema);
    }

    /** All checks, and what fixed limits found. */
    private void assertions(ArrayNode assertions) {
        verdict.checks().forEach(check -> assertions
                .addObject()
                .put("assertion", name(VerdictRecord.slice(check.slice()).label(), check.rule()))
                .put(
                        "success",
                        verdict.findings().stream()
                                .noneMatch(found -> isDrift(found)
                                        && found.rule().equals(check.rule())
                                        && found.slice().equals(check.slice()))));
        verdict.findings().stream()
                .filter(found -> found.why().equals("absolute"))
                .forEach(found -> assertions
                        .addObject()
                        .put(
                                "assertion",
                                name(VerdictRecord.slice(found.slice()).label(), found.rule()))
                        .put("success", !isDrift(found)));
    }

    private static boolean isDrift(VerdictRecord.Found found) {
        return found.state().equals("drift");
    }

    private static String name(String slice, String rule) {
        return rule + " (" + slice + ")";
    }
}
