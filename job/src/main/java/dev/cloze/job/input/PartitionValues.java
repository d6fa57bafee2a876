package dev.cloze.job.input;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitionPath;
import org.apache.spark.sql.execution.datasources.PartitionSpec;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructField;
import scala.jdk.javaapi.CollectionConverters;

/** Values that stand in names of directories: {@code id=007} is no number, because a number would be called 7. */
final class PartitionValues {
    private static final String TYPES = "spark.sql.sources.partitionColumnTypeInference.enabled";

    private PartitionValues() {}

    /** Loads files; values of partitions are strings when one of them would be written in other letters as a number or date. */
    static Dataset<Row> asTheyStand(SparkSession spark, Supplier<Dataset<Row>> loading) {
        Dataset<Row> data = loading.get();
        if (spec(data).filter(spec -> !isExact(spec)).isEmpty()) {
            return data;
        }
        String before = spark.conf().get(TYPES);
        spark.conf().set(TYPES, "false");
        try {
            return loading.get();
        } finally {
            spark.conf().set(TYPES, before);
        }
    }

    private static Optional<PartitionSpec> spec(Dataset<Row> data) {
        return CollectionConverters.asJava(data.queryExecution().analyzed().collectLeaves()).stream()
                .flatMap(leaf -> leaf instanceof LogicalRelation relation
                                && relation.relation() instanceof HadoopFsRelation source
                                && source.location() instanceof PartitioningAwareFileIndex index
                        ? Stream.of(index.partitionSpec())
                        : Stream.of())
                .findFirst();
    }

    private static boolean isExact(PartitionSpec spec) {
        StructField[] columns = spec.partitionColumns().fields();
        for (PartitionPath partition : CollectionConverters.asJava(spec.partitions())) {
            List<String> names = names(partition.path());
            for (int i = 0; i < columns.length; i++) {
                Optional<String> written = written(partition.values(), i, columns[i]);
                if (written.isPresent() && !names.contains(columns[i].name() + "=" + written.get())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How a number or a date is written; of other types nothing gets lost. */
    private static Optional<String> written(InternalRow values, int place, StructField column) {
        if (values.isNullAt(place)) {
            return Optional.empty();
        }
        if (column.dataType() instanceof IntegerType) {
            return Optional.of(Integer.toString(values.getInt(place)));
        }
        if (column.dataType() instanceof LongType) {
            return Optional.of(Long.toString(values.getLong(place)));
        }
        if (column.dataType() instanceof DoubleType) {
            return Optional.of(Double.toString(values.getDouble(place)));
        }
        if (column.dataType() instanceof DecimalType type) {
            return Optional.of(values.getDecimal(place, type.precision(), type.scale())
                    .toJavaBigDecimal()
                    .toPlainString());
        }
        return column.dataType() instanceof DateType
                ? Optional.of(LocalDate.ofEpochDay(values.getInt(place)).toString())
                : Optional.empty();
    }

    private static List<String> names(Path path) {
        return Arrays.stream(path.toString().split("/"))
                .map(ExternalCatalogUtils::unescapePathName)
                .toList();
    }
}
