package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import dev.cloze.failure.NearMiss;
import dev.cloze.job.records.RecordOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns of a dataset by the names that a user types.
 *
 * @param known all that the corpus has, of which {@code data} may have those only that were asked for
 */
record Columns(Dataset<Row> data, Supplier<StructType> known) {
    /** Objects of JSON may have keys without end. */
    private static final int MOST_NAMED = 100;

    /** The column {@code name}, or the nested field when it is a path such as {@code answers.text}. */
    Column find(String name) {
        if (name.isEmpty() || name.endsWith("*")) {
            throw ClozeException.user("read column \"" + name + "\"", "it is no name", "name columns one by one");
        }
        if (Arrays.asList(data.columns()).contains(name)) {
            return data.col("`" + name.replace("`", "``") + "`");
        }
        try {
            return data.col(name);
        } catch (Exception e) {
            // A checked exception that Scala does not declare.
            if (!(e instanceof AnalysisException)) {
                throw e;
            }
            List<String> paths = new ArrayList<>();
            addPaths("", known.get(), paths);
            if (paths.isEmpty()) {
                throw ClozeException.user(
                        "read column " + name,
                        "no line of the corpus is a row with columns",
                        "check the files, or read files of one JSON value with --read-option multiLine=true");
            }
            String repair = NearMiss.of(name, paths)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("name one of them");
            String named = paths.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
            String more = paths.size() > MOST_NAMED ? " and " + (paths.size() - MOST_NAMED) + " more" : "";
            throw ClozeException.user("read column " + name, "the corpus has the columns " + named + more, repair);
        }
    }

    /** The column as text: a string, or an array of strings joined with blanks. */
    Column text(String name) {
        Column column = find(name);
        DataType type = data.select(column).schema().apply(0).dataType();
        if (type instanceof StringType) {
            return column;
        }
        if (type instanceof ArrayType array && array.elementType() instanceof StringType) {
            return functions.concat_ws(" ", column);
        }
        throw ClozeException.user(
                "read text from column " + name,
                "its type is " + type.simpleString(),
                "name a column of strings or of arrays of strings");
    }

    private static void addPaths(String prefix, StructType schema, List<String> paths) {
        for (StructField field : schema.fields()) {
            if (field.name().equals(RecordOptions.PROBLEM) || field.name().equals(SparkReaders.CORRUPT)) {
                continue;
            }
            String path = prefix + field.name();
            paths.add(path);
            DataType type = field.dataType() instanceof ArrayType array ? array.elementType() : field.dataType();
            if (type instanceof StructType struct) {
                addPaths(path + ".", struct, paths);
            }
        }
    }
}
