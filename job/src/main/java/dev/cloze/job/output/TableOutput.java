package dev.cloze.job.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.failure.NearMiss;
import dev.cloze.job.files.FileSystems;
import dev.cloze.job.files.PlainLocalFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.execution.datasources.DataSourceUtils;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.v2.FileDataSourceV2;
import org.apache.spark.sql.types.StructType;

/**
 * Results in any format that Spark writes, all rows at once. Nothing of an earlier run is used, and what a reader sees while it is
 * written, or when that breaks off, is the format's affair.
 *
 * @param format Spark's name of it
 * @param place a path, or the name of a table in a catalog
 * @param mode whether what is there already is replaced
 */
public record TableOutput(SparkSession spark, String format, String place, SaveMode mode) {
    /** Catalogs are settings of Spark. */
    private static final String CATALOGS = "spark.sql.catalog.";

    static final String DELTA = "delta";
    static final String ICEBERG = "iceberg";
    /** Formats in which {@code --overwrite} makes a new version and removes nothing. */
    private static final Set<String> VERSIONED = Set.of(DELTA, ICEBERG);

    private static final Set<String> IN_PACKAGES = Set.of(DELTA, ICEBERG, "hudi", "avro");
    private static final List<String> KNOWN =
            List.of("parquet", "orc", "json", "jsonl", "csv", DELTA, ICEBERG, "hudi", "avro");

    /** Fails when Spark does not know the format, and when {@code place} is taken or holds the corpus. */
    public static TableOutput open(
            SparkSession spark, String format, String place, SaveMode mode, List<String> inputs) {
        TableOutput output = new TableOutput(spark, format, place, mode);
        output.source();
        if (output.isInCatalog()) {
            output.requireFreeInCatalog();
            return output;
        }
        try {
            Path path = new Path(place);
            for (String input : inputs) {
                OutputPlace.requireApart(spark, path, input);
            }
            output.table().requireFree();
        } catch (ClozeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw FileSystems.missing("write", place, e).orElseGet(() -> output.unwritable(e));
        }
        return output;
    }

    /** Whether the place is a table's name that begins with that of a catalog: {@code local.db.scores}. */
    private boolean isInCatalog() {
        int dot = place.indexOf('.');
        return dot > 0 && place.indexOf('/') < 0 && spark.conf().contains(CATALOGS + place.substring(0, dot));
    }

    private TablePlace table() throws IOException {
        return TablePlace.of(spark, format, place, mode);
    }

    /** A table that keeps its versions loses nothing; of others, a catalog removes what was there. */
    private void requireFreeInCatalog() {
        if (!spark.catalog().tableExists(place)) {
            return;
        }
        if (mode != SaveMode.Overwrite) {
            throw TablePlace.taken(place);
        }
        String provider = provider();
        if (!VERSIONED.contains(provider.toLowerCase(Locale.ROOT))) {
            throw ClozeException.user(
                    "replace " + place,
                    "it is a table of " + provider + ", which keeps no earlier version of it",
                    "drop it yourself, or choose another --output");
        }
    }

    private String provider() {
        return spark.sql("DESCRIBE TABLE EXTENDED " + place).collectAsList().stream()
                .filter(row -> "Provider".equals(row.getString(0)))
                .map(row -> row.getString(1))
                .findFirst()
                .orElse("an unknown format");
    }

    private Class<?> source() {
        try {
            return DataSource.lookupDataSource(format, spark.sessionState().conf());
        } catch (Exception e) {
            // A checked exception that Scala does not declare.
            String known = format.toLowerCase(Locale.ROOT);
            String repair = NearMiss.of(format, KNOWN)
                    .filter(near -> !near.equals(known))
                    .map(near -> "did you mean " + near + "?")
                    .orElse("use parquet, orc or json, or add the format's package with --packages");
            throw ClozeException.user(
                    "write format " + format,
                    "Spark has no data source of that name",
                    IN_PACKAGES.contains(known) ? "add its package with --packages" : repair);
        }
    }

    /** Fails when the format cannot hold columns of {@code schema}, as far as that is known before something is written. */
    public void requireRoomFor(StructType schema) {
        try {
            Object source = source().getDeclaredConstructor().newInstance();
            Object files = source instanceof FileDataSourceV2 second
                    ? second.fallbackFileFormat().getDeclaredConstructor().newInstance()
                    : source;
            if (files instanceof FileFormat fileFormat) {
                DataSourceUtils.verifySchema(fileFormat, schema, false);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        } catch (Exception e) {
            // A checked exception that Scala does not declare.
            throw ClozeException.user(
                    "write " + place,
                    Causes.firstLine(e),
                    "choose a format with nested columns, such as parquet or json");
        }
    }

    /**
     * @param options of the writer
     * @param run what was run, for the history of formats that have one
     */
    public void write(Dataset<Row> rows, Map<String, String> options, Map<String, String> run) {
        try {
            if (!isInCatalog()) {
                TablePlace.Free free = isOfFiles() ? table().freeForFiles() : table().free();
                rows.write()
                        .format(format)
                        .mode(free.mode())
                        .options(options)
                        .options(isOfFiles() ? PlainLocalFileSystem.options() : Map.of())
                        .options(history(run))
                        .save(place);
                free.done();
                return;
            }
            CreateTableWriter<Row> table = rows.writeTo(place).using(format).options(history(run));
            if (mode == SaveMode.Overwrite) {
                table.createOrReplace();
            } else {
                table.create();
            }
        } catch (Exception e) {
            // A checked exception that Scala does not declare. Rows that got lost are scored again here: that has
            // reasons of its own.
            throw Causes.first(e, ClozeException.class, any -> true).orElseGet(() -> unwritable(e));
        }
    }

    /** Whether Spark writes files of the format into a directory. */
    private boolean isOfFiles() {
        Class<?> source = source();
        return FileFormat.class.isAssignableFrom(source) || FileDataSourceV2.class.isAssignableFrom(source);
    }

    private Map<String, String> history(Map<String, String> run) {
        Map<String, String> options = new LinkedHashMap<>();
        if (format.equalsIgnoreCase(DELTA)) {
            try {
                options.put("userMetadata", new ObjectMapper().writeValueAsString(run));
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (format.equalsIgnoreCase(ICEBERG)) {
            run.forEach((key, value) -> options.put("snapshot-property." + key, value));
        }
        return options;
    }

    private ClozeException unwritable(Exception e) {
        return ClozeException.resources(
                "write " + place, Causes.root(e), "check --output, and what " + format + " needs with --conf", e);
    }
}
