package dev.cloze.job.audit;

import dev.cloze.job.terminal.Visible;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A night as a report of tests, which build servers show: a test for each check, in a class for each slice. Drift is a failure; what is
 * watched, or muted, is said in the output of a test that passes.
 */
record JUnitXml(VerdictRecord verdict) {
    /** A check of a slice. */
    private record Case(String slice, String rule) {}

    String text() {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            suite(xml);
            xml.writeEndDocument();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.append('\n').toString();
    }

    private void suite(XMLStreamWriter xml) throws XMLStreamException {
        Map<Case, List<VerdictRecord.Found>> cases = cases();
        long failures = cases.values().stream()
                .filter(found -> drift(found).isPresent())
                .count();
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", Visible.line(verdict.corpus()) + " " + verdict.date());
        xml.writeAttribute("tests", String.valueOf(cases.size()));
        xml.writeAttribute("failures", String.valueOf(failures));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", "0");
        xml.writeAttribute("timestamp", verdict.date() + "T00:00:00");
        for (Map.Entry<Case, List<VerdictRecord.Found>> each : cases.entrySet()) {
            test(xml, each.getKey(), each.getValue());
        }
        xml.writeEndElement();
    }

    private Map<Case, List<VerdictRecord.Found>> cases() {
        Map<Case, List<VerdictRecord.Found>> cases = new LinkedHashMap<>();
        verdict.checks().forEach(check -> cases.put(of(check.slice(), check.rule()), new ArrayList<>()));
        verdict.findings()
                .forEach(found -> cases.computeIfAbsent(of(found.slice(), found.rule()), any -> new ArrayList<>())
                        .add(found));
        return cases;
    }

    private static Case of(Map<String, String> slice, String rule) {
        return new Case(NightReport.name(VerdictRecord.slice(slice)), rule);
    }

    private static Optional<VerdictRecord.Found> drift(List<VerdictRecord.Found> findings) {
        return findings.stream().filter(found -> found.state().equals("drift")).findFirst();
    }

    private static void test(XMLStreamWriter xml, Case test, List<VerdictRecord.Found> findings)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", test.slice);
        xml.writeAttribute("name", test.rule);
        xml.writeAttribute("time", "0");
        for (VerdictRecord.Found found : findings) {
            boolean isDrift = found.state().equals("drift");
            xml.writeStartElement(isDrift ? "failure" : "system-out");
            if (isDrift) {
                xml.writeAttribute("type", "drift");
                xml.writeAttribute("message", Visible.line(found.sentence()));
            }
            xml.writeCharacters(
                    found.state() + ": " + Visible.line(found.sentence()) + " Since " + found.since() + ".");
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
