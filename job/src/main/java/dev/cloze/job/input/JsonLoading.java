package dev.cloze.job.input;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.json_object_keys;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.records.Json;
import dev.cloze.job.records.RecordOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Objects of JSON as columns. Only columns that are wanted are looked at, and Spark finds their types; where it would take numbers for
 * doubles that lose digits, they are strings as in the file.
 *
 * @param records of the corpus
 */
record JsonLoading(CorpusSession session, Records records, RecordOptions options) {
    private static final String PARSED = "cloze_parsed";
    private static final String MISMATCH = "cloze_mismatch";
    /** Enough to say what a corpus has. */
    private static final int FEW = 1_000;
    /** Options, in lower case, with which a string may be of another type. */
    private static final Set<String> OTHER_TYPES = Set.of("infertimestamp", "samplingratio", "prefersdecimal");

    /** Enough to see which columns are strings. */
    private static final int FIRST = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    Dataset<Row> load() {
        StructType types =
                strings().orElseGet(() -> JsonTypes.settled(withEmptyObjects(types()), options.columns(), session));
        Dataset<Row> data = records.load(options.with(options.json().typed(types.json())), Map.of());
        Map<String, String> parsing = new LinkedHashMap<>(options.json().options());
        parsing.put("columnNameOfCorruptRecord", MISMATCH);
        Column parsed = from_json(col(RecordOptions.VALUE), types.add(MISMATCH, DataTypes.StringType), parsing);
        List<Column> others = Records.columnsBut(data, List.of(RecordOptions.VALUE, RecordOptions.PROBLEM));
        List<String> partitions = others.stream().map(Column::toString).toList();
        List<Column> first = new ArrayList<>(others);
        first.add(parsed.as(PARSED));
        first.add(col(RecordOptions.PROBLEM));
        List<Column> columns = new ArrayList<>(others);
        for (StructField field : types.fields()) {
            if (partitions.stream().noneMatch(field.name()::equalsIgnoreCase)) {
                columns.add(col(PARSED).getField(field.name()).as(field.name()));
            }
        }
        columns.add(problem());
        return data.select(first.toArray(Column[]::new)).select(columns.toArray(Column[]::new));
    }

    private static Column problem() {
        return coalesce(
                        col(RecordOptions.PROBLEM),
                        when(
                                col(PARSED).getField(MISMATCH).isNotNull(),
                                lit("Cannot read this row: its values are of other types than those of other rows;"
                                        + " leave samplingRatio out")))
                .as(RecordOptions.PROBLEM);
    }

    /**
     * All wanted columns, when each of them holds a string in the first rows of a file. Such a column is one of strings whatever else the corpus has in
     * it, so nobody has to read all of it to find that out. Absent when they may be of other types.
     */
    private Optional<StructType> strings() {
        Set<String> strings = new HashSet<>();
        if (mayBeStrings()) {
            first().forEach(object -> addStrings(object, strings));
        }
        StructType types = new StructType();
        for (String column : options.columns()) {
            types = types.add(column, DataTypes.StringType);
        }
        return strings.containsAll(options.columns()) ? Optional.of(types) : Optional.empty();
    }

    /** The first objects of a file, which the driver reads itself; none where there is no file that it can read. */
    private List<String> first() {
        String[] files = records.load(options, Map.of()).inputFiles();
        try {
            return files.length == 0
                    ? List.of()
                    : options.first(SparkPath.fromUrlString(files[0]).toPath(), FIRST, session.hadoop());
        } catch (IOException | RuntimeException e) {
            // Whoever reads all of it says what is wrong.
            return List.of();
        }
    }

    /** Unless strings may become times or numbers, Spark is to look at some rows only, or columns differ in case only. */
    private boolean mayBeStrings() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        return options.columns().stream().allMatch(names::add)
                && options.json().options().keySet().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .noneMatch(OTHER_TYPES::contains);
    }

    private static void addStrings(String object, Set<String> names) {
        try {
            JSON.readTree(object).properties().forEach(field -> {
                if (field.getValue().isTextual()) {
                    names.add(field.getKey());
                }
            });
        } catch (JsonProcessingException e) {
            // A text that is longer than any that this library reads at once tells nothing.
            return;
        }
    }

    private StructType types() {
        StructType all = inferred(options.json());
        return JsonTypes.mayLoseDigits(all, options.json().id())
                ? inferred(options.json().with(Json.Numbers.KEPT_BY_DOUBLE))
                : all;
    }

    /** Spark leaves out what is an object without keys in every row. */
    private StructType withEmptyObjects(StructType found) {
        Set<String> names = new HashSet<>(Arrays.asList(found.fieldNames()));
        if (names.containsAll(options.json().columns())) {
            return found;
        }
        StructType all = found;
        for (String key : keys()) {
            if (names.add(key)) {
                session.say("column " + key + " is read as text of JSON: its objects are empty");
                all = all.add(key, DataTypes.StringType);
            }
        }
        return all;
    }

    /** The keys that rows have, of those that are wanted. */
    private List<String> keys() {
        return values(records.load(options, Map.of("ignoreCorruptFiles", "true")))
                .select(explode(json_object_keys(col(RecordOptions.VALUE))))
                .distinct()
                .as(Encoders.STRING())
                .collectAsList();
    }

    /** Files that cannot be read tell nothing, unless all are such. */
    private StructType inferred(Json json) {
        StructType found = inferred(json, Map.of("ignoreCorruptFiles", "true"));
        return found.isEmpty() ? inferred(json, Map.of()) : found;
    }

    private StructType inferred(Json json, Map<String, String> more) {
        return inferred(records.load(options.with(json), more));
    }

    private StructType inferred(Dataset<Row> data) {
        return session.spark()
                .read()
                .options(options.json().options())
                .json(values(data))
                .schema();
    }

    private static Dataset<String> values(Dataset<Row> data) {
        return SplitTasks.of(data.filter(col(RecordOptions.PROBLEM).isNull()).select(RecordOptions.VALUE))
                .as(Encoders.STRING());
    }

    /** What there is, as far as the beginning of the corpus tells. */
    StructType known() {
        Json json = options.json();
        Json everything = new Json(List.of(), json.id(), Json.Numbers.ALL, "", json.options());
        return inferred(records.load(options.with(everything), Map.of()).limit(FEW));
    }
}
