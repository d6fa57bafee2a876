package dev.cloze.job.input;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Loads files whose columns Spark finds out by reading some of them. Where one of those cannot be read, the others tell.
 *
 * @param reader makes a reader of the files' format, as a user set it
 * @param listing makes one of the same options that reads no file
 * @param inputs files, directories or globs
 */
record SchemaInference(Supplier<DataFrameReader> reader, Supplier<DataFrameReader> listing, List<String> inputs) {
    Dataset<Row> load() {
        try {
            return reader.get().load(paths());
        } catch (Exception e) {
            if (ReadFailure.in(e).isEmpty()) {
                throw e;
            }
            return reader.get().schema(columns()).load(paths());
        }
    }

    /** Those of all files but the damaged ones, or, for a format of which Spark looks at one file only, of the next. */
    private StructType columns() {
        try {
            StructType found = reader.get()
                    .option("ignoreCorruptFiles", true)
                    .load(paths())
                    .schema();
            return found.isEmpty() ? columnsOfOne() : found;
        } catch (Exception e) {
            if (!isWithoutColumns(e)) {
                throw e;
            }
            return columnsOfOne();
        }
    }

    private StructType columnsOfOne() {
        TreeMap<String, String> reasons = new TreeMap<>();
        for (String file : files()) {
            try {
                StructType found =
                        reader.get().option("__globPaths__", false).load(file).schema();
                if (!found.isEmpty()) {
                    return found;
                }
            } catch (Exception e) {
                if (!isWithoutColumns(e)) {
                    throw e;
                }
                ReadFailure.in(e).ifPresent(failure -> reasons.put(file, failure.reason()));
            }
        }
        throw new UnreadableFiles(reasons).failure("repair these files, or check the path and --format");
    }

    /** Whether Spark could not read a file, or found no columns in what it could. */
    private static boolean isWithoutColumns(Exception e) {
        return ReadFailure.in(e).isPresent()
                || e instanceof AnalysisException analysis && "UNABLE_TO_INFER_SCHEMA".equals(analysis.getCondition());
    }

    private List<String> files() {
        return Arrays.stream(listing.get().load(paths()).inputFiles())
                .map(file -> SparkPath.fromUrlString(file).toPath().toString())
                .sorted()
                .toList();
    }

    private String[] paths() {
        return inputs.toArray(String[]::new);
    }
}
