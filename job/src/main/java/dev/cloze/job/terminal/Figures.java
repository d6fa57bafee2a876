package dev.cloze.job.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;

/** The numbers of a record by the names that they have in its JSON, as a person reads them. */
public final class Figures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode json;

    private Figures(JsonNode json) {
        this.json = json;
    }

    public static Figures of(Record record) {
        return new Figures(JSON.valueToTree(record));
    }

    /** A number; one that is absent is a dash. */
    public String text(String name) {
        return text(json.path(name));
    }

    /** All names, each with its number, in the order of the JSON. */
    List<List<String>> lines() {
        return json.properties().stream()
                .map(figure -> List.of(figure.getKey(), text(figure.getValue())))
                .toList();
    }

    private static String text(JsonNode number) {
        if (number.isMissingNode() || number.isNull()) {
            return "-";
        }
        return number.isIntegralNumber()
                ? String.format(Locale.ROOT, "%,d", number.longValue())
                : String.format(Locale.ROOT, "%,.4f", number.doubleValue());
    }
}
