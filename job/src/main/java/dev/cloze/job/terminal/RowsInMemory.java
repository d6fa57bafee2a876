package dev.cloze.job.terminal;

import java.io.StringWriter;
import java.util.List;
import java.util.TimeZone;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.catalyst.json.JacksonGenerator;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Map;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A few scored rows, without a session of Spark.
 *
 * @param internal as Spark keeps rows of {@code schema} itself
 */
public record RowsInMemory(StructType schema, List<InternalRow> internal) {

    /** @param values rows of {@code schema} that do not know it */
    public static RowsInMemory of(StructType schema, List<Row> values) {
        var toInternal = CatalystTypeConverters.createToCatalystConverter(schema);
        return new RowsInMemory(
                schema,
                values.stream().map(row -> (InternalRow) toInternal.apply(row)).toList());
    }

    /** Rows as a dataset of them would give: all that is in them is found by name. */
    public List<Row> rows() {
        var toRow = CatalystTypeConverters.createToScalaConverter(schema);
        return internal.stream().map(row -> (Row) toRow.apply(row)).toList();
    }

    /** A line of JSON for each row, as Spark writes it. */
    List<String> json() {
        JSONOptions options = new JSONOptions(
                Map$.MODULE$.from(CollectionConverters.asScala(Readable.OPTIONS)),
                TimeZone.getDefault().getID(),
                "");
        return internal.stream().map(row -> json(row, options)).toList();
    }

    private String json(InternalRow row, JSONOptions options) {
        StringWriter line = new StringWriter();
        JacksonGenerator json = new JacksonGenerator(schema, line, options);
        json.write(row);
        json.flush();
        return line.toString();
    }
}
