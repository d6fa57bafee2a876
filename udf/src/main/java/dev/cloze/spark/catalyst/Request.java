package dev.cloze.spark.catalyst;

import dev.cloze.failure.ClozeException;
import dev.cloze.spark.call.Call;
import dev.cloze.spark.call.Call.Input;
import dev.cloze.spark.call.Calls;
import dev.cloze.spark.call.SessionSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.StringType;

/**
 * Which columns are scored, with which options.
 *
 * @param columns what each column is; the text first
 * @param options settings without {@link SessionSettings#PREFIX}
 */
public record Request(Map<Input, String> columns, Map<String, String> options) {
    public static Request of(String textColumn) {
        return new Request(Map.of(Input.TEXT, textColumn), Map.of());
    }

    public Request option(String key, String value) {
        Map<String, String> more = new HashMap<>(options);
        more.put(key, value);
        return new Request(columns, more);
    }

    public Request column(Input input, String name) {
        Map<Input, String> more = new HashMap<>(columns);
        more.put(input, name);
        return new Request(more, options);
    }

    /** What can be called in the session of {@code rows}, which learns to plan it. */
    public Calls calls(Dataset<Row> rows) {
        SparkSession session = rows.sparkSession();
        install(session);
        Map<String, String> settings =
                new HashMap<>(Sequences.map(session.conf().getAll()));
        options.forEach((key, value) -> settings.put(SessionSettings.PREFIX + key, value));
        return new Calls(settings);
    }

    private static void install(SparkSession session) {
        List<SparkStrategy> strategies =
                new ArrayList<>(Sequences.list(session.experimental().extraStrategies()));
        if (strategies.stream().noneMatch(ScoringStrategy.class::isInstance)) {
            strategies.add(new ScoringStrategy());
            session.experimental().extraStrategies_$eq(Sequences.seq(strategies));
        }
    }

    /** What the columns are, in the order of {@link #result}'s arguments. */
    public List<Input> inputs() {
        return columns.keySet().stream().sorted().toList();
    }

    /** The call's result for each of {@code rows}, a struct. */
    public Column result(Dataset<Row> rows, Call<?> call) {
        List<Expression> arguments = new ArrayList<>();
        for (Input input : inputs()) {
            Column column = rows.col(quoted(columns.get(input)));
            requireType(input, rows.select(column).schema().apply(0).dataType());
            arguments.add(ExpressionUtils.expression(column));
        }
        return ExpressionUtils.column(Markers.of(call.name(), call, Part.whole(), arguments));
    }

    private void requireType(Input input, DataType type) {
        boolean fits =
                switch (input) {
                    case TEXT, PAIR -> type instanceof StringType;
                    case VARIANTS -> type instanceof IntegerType;
                    case ID -> true;
                };
        if (!fits) {
            throw ClozeException.user(
                    "score column " + columns.get(input),
                    "its type is " + type.simpleString(),
                    "cast it to " + (input == Input.VARIANTS ? "int" : "string"));
        }
    }

    /** {@code rows} with the fields of {@code results}, a column of structs, as columns. */
    public static Dataset<Row> spread(Dataset<Row> rows, Call<?> call, Column results) {
        String held = "cloze_result";
        List<String> names = List.of(call.type().fieldNames());
        requireRoom(rows, names);
        Map<String, Column> columns = new LinkedHashMap<>();
        names.forEach(name -> columns.put(name, functions.col(held).getField(name)));
        return rows.withColumn(held, results).withColumns(columns).drop(held);
    }

    public static void requireRoom(Dataset<Row> rows, List<String> names) {
        for (String name : rows.columns()) {
            if (names.stream().anyMatch(name::equalsIgnoreCase)) {
                throw ClozeException.user(
                        "add column " + name, "the dataset has one of that name", "rename it with withColumnRenamed");
            }
        }
    }

    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
