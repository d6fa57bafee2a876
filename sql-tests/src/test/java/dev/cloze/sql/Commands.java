package dev.cloze.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.cloze.job.Cloze;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import scala.collection.Iterable;
import scala.jdk.javaapi.CollectionConverters;

/** What the commands of the same jar print about the same rows: the reference of functions and transformations. */
final class Commands {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Commands() {}

    /** The rows that {@code cloze command --json} prints for {@code texts}, with the tiny model. */
    static List<JsonNode> rows(String command, List<String> texts, String... options) throws Exception {
        List<String> all = new ArrayList<>(
                List.of(command, "--model", Sessions.tiny().directory().toString(), "--json"));
        texts.forEach(text -> all.addAll(List.of("--text", text)));
        all.addAll(Arrays.asList(options));
        return run(all);
    }

    static List<JsonNode> run(List<String> arguments) throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Cloze.run(arguments.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
        assertThat(code).as(err.toString()).isZero();
        List<JsonNode> rows = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    /** A value of Spark in the form of {@link #rows}: structs by their names, lists, numbers, strings. */
    static JsonNode json(Object value) {
        if (value instanceof Row row) {
            var node = JSON.createObjectNode();
            for (int i = 0; i < row.size(); i++) {
                node.set(row.schema().fieldNames()[i], json(row.get(i)));
            }
            return node;
        }
        if (value instanceof Iterable<?> list) {
            var node = JSON.createArrayNode();
            CollectionConverters.asJavaCollection(list).forEach(element -> node.add(json(element)));
            return node;
        }
        return JSON.valueToTree(value);
    }

    /** The same values, all of {@code found}; numbers to the last digits, in which batches differ. */
    static void assertSame(JsonNode found, JsonNode expected) {
        assertThat(difference(found, expected))
                .as("%s%nexpected %s", found, expected)
                .isEmpty();
    }

    private static Optional<String> difference(JsonNode found, JsonNode expected) {
        if (found.isObject() && expected.isObject()) {
            return found.properties().stream()
                    .flatMap(field -> difference(field.getValue(), orNull(expected.get(field.getKey()))).stream())
                    .findFirst();
        }
        if (found.isArray() && expected.isArray() && found.size() == expected.size()) {
            return IntStream.range(0, found.size())
                    .boxed()
                    .flatMap(i -> difference(found.get(i), expected.get(i)).stream())
                    .findFirst();
        }
        if (found.isNumber() && expected.isNumber()) {
            double scale = Math.max(1e-3, Math.abs(expected.doubleValue()));
            boolean near = Math.abs(found.doubleValue() - expected.doubleValue()) <= 1e-5 * scale;
            return near ? Optional.empty() : Optional.of(found + " is not " + expected);
        }
        return found.equals(expected) ? Optional.empty() : Optional.of(found + " is not " + expected);
    }

    private static JsonNode orNull(JsonNode node) {
        return node == null ? NullNode.getInstance() : node;
    }
}
