package dev.cloze.job.terminal;

import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.transform_keys;
import static org.apache.spark.sql.functions.transform_values;
import static org.apache.spark.sql.functions.when;

import dev.cloze.rows.CorpusRow;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Values of any type as text: bytes as hexadecimal digits, structs, arrays and maps as JSON, times as ISO 8601 has them, decimals
 * without an exponent.
 */
public final class Readable {
    /** Spark's writers would cut times at milliseconds, and so give two rows one id. */
    public static final Map<String, String> OPTIONS = Map.of(
            "ignoreNullFields",
            "false",
            "timestampFormat",
            "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
            "timestampNTZFormat",
            "yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

    private static final String ID = "id";

    private Readable() {}

    /** A value that is not nested, on the terminal. */
    static String text(Object value) {
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : CorpusRow.name(value);
    }

    /** {@code rows} whose ids are not nested. */
    static Dataset<Row> withPlainIds(Dataset<Row> rows) {
        return isNested(rows.schema().apply(ID).dataType())
                ? rows.withColumn(ID, json(rows.col(ID), rows.schema().apply(ID).dataType()))
                : rows;
    }

    /** Rows of text and numbers: nested values are JSON. */
    public static Dataset<Row> flat(Dataset<Row> rows) {
        return rows.select(Arrays.stream(rows.schema().fields())
                .map(field -> {
                    Column column = column(rows, field.name());
                    DataType type = field.dataType();
                    return (isNested(type) ? json(column, type) : plain(column, type)).as(field.name());
                })
                .toArray(Column[]::new));
    }

    private static Column plain(Column column, DataType type) {
        return type instanceof DecimalType ? column.cast(DataTypes.StringType) : withoutBytes(column, type);
    }

    static boolean isNested(DataType type) {
        return type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
    }

    private static Column json(Column column, DataType type) {
        return to_json(withoutBytes(column, type), OPTIONS);
    }

    /** {@code rows} whose bytes are hexadecimal digits, at any depth. */
    public static Dataset<Row> withoutBytes(Dataset<Row> rows) {
        return rows.select(Arrays.stream(rows.schema().fields())
                .map(field -> withoutBytes(column(rows, field.name()), field.dataType())
                        .as(field.name()))
                .toArray(Column[]::new));
    }

    public static Column column(Dataset<Row> rows, String name) {
        return rows.col("`" + name.replace("`", "``") + "`");
    }

    private static Column withoutBytes(Column column, DataType type) {
        if (!hasBytes(type)) {
            return column;
        }
        if (type instanceof StructType struct) {
            Column[] fields = Arrays.stream(struct.fields())
                    .map(field -> withoutBytes(column.getField(field.name()), field.dataType())
                            .as(field.name()))
                    .toArray(Column[]::new);
            return when(column.isNotNull(), struct(fields));
        }
        if (type instanceof ArrayType array) {
            return transform(column, element -> withoutBytes(element, array.elementType()));
        }
        if (type instanceof MapType map) {
            Column values = transform_values(column, (key, value) -> withoutBytes(value, map.valueType()));
            return transform_keys(values, (key, value) -> withoutBytes(key, map.keyType()));
        }
        return lower(hex(column));
    }

    private static boolean hasBytes(DataType type) {
        if (type instanceof StructType struct) {
            return Arrays.stream(struct.fields()).map(StructField::dataType).anyMatch(Readable::hasBytes);
        }
        if (type instanceof ArrayType array) {
            return hasBytes(array.elementType());
        }
        return type instanceof MapType map
                ? hasBytes(map.keyType()) || hasBytes(map.valueType())
                : type instanceof BinaryType;
    }
}
