package dev.cloze.rows;

import static org.apache.spark.sql.functions.col;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The row between the reader of a corpus and the scorer: carried columns, of which the first is the id, then parameters of the row,
 * the text, the second sentence, and why the row could not be read. All but the id may be null.
 *
 * <p>Columns are written by name, and read by the positions that a schema gives them.
 *
 * @param carried number of columns that go out as they came in
 * @param parameters names of the row's parameters, in the order of their columns
 * @param arrays whether each of them is an array
 */
public record CorpusRow(int carried, List<String> parameters, List<Boolean> arrays) {
    /** The column that names a row. */
    public static final String ID = "id";
    /** The text that is scored, or null. */
    public static final String TEXT = "cloze_text";
    /** Why the row could not be read, in words, or null. */
    public static final String PROBLEM = "cloze_problem";

    private static final String PAIR = "cloze_pair";
    private static final String RESERVED = "cloze_";
    private static final String PARAMETER = "cloze_parameter_";
    private static final int TEXT_PAIR_PROBLEM = 3;

    /** Where things stand in rows of {@code schema}. */
    public static CorpusRow of(StructType schema) {
        List<String> parameters = new ArrayList<>();
        List<Boolean> arrays = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (field.name().startsWith(PARAMETER)) {
                parameters.add(field.name().substring(PARAMETER.length()));
                arrays.add(field.dataType() instanceof ArrayType);
            }
        }
        return new CorpusRow(schema.size() - TEXT_PAIR_PROBLEM - parameters.size(), parameters, arrays);
    }

    /** Whether a column of this name, in any case, cannot be carried: such names belong to the row itself. */
    public static boolean isReserved(String name) {
        return name.regionMatches(true, 0, RESERVED, 0, RESERVED.length());
    }

    /** The columns that follow the carried ones. */
    public static List<Column> content(Column text, Column pair, Column problem) {
        return List.of(text.as(TEXT), pair.as(PAIR), problem.as(PROBLEM));
    }

    /** {@code carried} columns, and those that follow them. */
    public static StructType schema(StructType carried) {
        return carried.add(TEXT, DataTypes.StringType)
                .add(PAIR, DataTypes.StringType)
                .add(PROBLEM, DataTypes.StringType);
    }

    /** The same rows with one more parameter for each entry of {@code added}; its columns are those of {@code rows}. */
    public static Dataset<Row> withParameters(Dataset<Row> rows, Map<String, Column> added) {
        StructType schema = rows.schema();
        int carried = of(schema).carried();
        Stream<Column> before =
                Arrays.stream(schema.fieldNames()).limit(carried).map(name -> column(rows, name));
        Stream<Column> parameters =
                added.entrySet().stream().map(parameter -> parameter.getValue().as(PARAMETER + parameter.getKey()));
        Stream<Column> after = Arrays.stream(schema.fieldNames()).skip(carried).map(name -> column(rows, name));
        return rows.select(
                Stream.of(before, parameters, after).flatMap(all -> all).toArray(Column[]::new));
    }

    private static Column column(Dataset<Row> rows, String name) {
        return rows.col("`" + name.replace("`", "``") + "`");
    }

    /** The rows that could be read. */
    public static Dataset<Row> readable(Dataset<Row> rows) {
        return rows.filter(col(PROBLEM).isNull());
    }

    /** The rows that could not be read. */
    public static Dataset<Row> unreadable(Dataset<Row> rows) {
        return rows.filter(col(PROBLEM).isNotNull());
    }

    /** Position of the text. */
    public int textIndex() {
        return carried + parameters.size();
    }

    /** Position of the parameter {@code name}. */
    public int parameterIndex(String name) {
        return carried + parameters.indexOf(name);
    }

    /** The text of {@code row}; the empty one where it is null. */
    public String text(Row row) {
        return row.isNullAt(textIndex()) ? "" : row.getString(textIndex());
    }

    /** The second sentence of {@code row}. */
    public Optional<String> pair(Row row) {
        return Optional.ofNullable(row.getString(textIndex() + 1));
    }

    /** Why {@code row} could not be read. */
    public Optional<String> problem(Row row) {
        return Optional.ofNullable(row.getString(textIndex() + 2));
    }

    /** The parameters of {@code row} that are not null, by their names; an array is a {@link List}. */
    public Map<String, Object> parameters(Row row) {
        Map<String, Object> found = new HashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            if (!row.isNullAt(carried + i)) {
                found.put(parameters.get(i), arrays.get(i) ? row.getList(carried + i) : row.get(carried + i));
            }
        }
        return found;
    }

    /** An id as text, the same in every JVM: the name of a document. */
    public static String name(Object id) {
        if (id instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        return id instanceof Timestamp time ? time.toInstant().toString() : String.valueOf(id);
    }
}
