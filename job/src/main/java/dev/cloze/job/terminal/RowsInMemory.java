package dev.cloze.job.terminal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A few scored rows of texts, without a session of Spark: not even its types are converted by Spark, whose classes for that load all of its
 * settings and look this machine's name up.
 *
 * @param rows as a dataset of them would give: all that is in them is found by name
 */
public record RowsInMemory(List<Row> rows) {
    private static final JsonFactory JSON = new JsonFactory();

    /** @param values rows of {@code schema} that do not know it */
    public static RowsInMemory of(StructType schema, List<Row> values) {
        return new RowsInMemory(values.stream().map(row -> row(row, schema)).toList());
    }

    private static Row row(Row row, StructType schema) {
        return new GenericRowWithSchema(
                IntStream.range(0, schema.size())
                        .mapToObj(i -> value(row.get(i), schema.apply(i).dataType()))
                        .toArray(),
                schema);
    }

    private static Object value(Object value, DataType type) {
        if (value instanceof Row row && type instanceof StructType schema) {
            return row(row, schema);
        }
        if (value instanceof Object[] elements && type instanceof ArrayType array) {
            List<Object> converted = Arrays.stream(elements)
                    .map(element -> value(element, array.elementType()))
                    .toList();
            return CollectionConverters.asScala(converted).toSeq();
        }
        return value;
    }

    /** A line of JSON for each row, with nulls, as Spark writes it. */
    List<String> json() {
        return rows.stream().map(RowsInMemory::json).toList();
    }

    private static String json(Row row) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            write(json, row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Row row) {
            json.writeStartObject();
            for (String name : row.schema().fieldNames()) {
                json.writeFieldName(name);
                write(json, row.get(row.fieldIndex(name)));
            }
            json.writeEndObject();
        } else if (value instanceof Seq<?> elements) {
            json.writeStartArray();
            for (Object element : CollectionConverters.asJava(elements)) {
                write(json, element);
            }
            json.writeEndArray();
        } else {
            json.writeObject(value);
        }
    }
}
