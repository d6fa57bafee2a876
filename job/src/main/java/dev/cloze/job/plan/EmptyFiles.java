package dev.cloze.job.plan;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.sources.DataSourceRegister;
import scala.jdk.javaapi.CollectionConverters;

/** Files of no bytes in formats whose files are never empty. Spark passes over them in silence. */
public final class EmptyFiles {
    static final String PROBLEM = "it is empty";

    private static final Set<String> NEVER_EMPTY = Set.of("parquet", "orc", "avro");

    private EmptyFiles() {}

    /** Each as a split of no partition. */
    public static List<Split> of(Dataset<Row> rows) {
        return CollectionConverters.asJava(rows.queryExecution().analyzed().collectLeaves()).stream()
                .flatMap(EmptyFiles::of)
                .map(file -> new Split(Split.UNREAD, file.getPath().toString(), file.getModificationTime(), 0, 0))
                .toList();
    }

    private static Stream<FileStatus> of(LogicalPlan leaf) {
        if (leaf instanceof LogicalRelation relation
                && relation.relation() instanceof HadoopFsRelation files
                && files.fileFormat() instanceof DataSourceRegister format
                && NEVER_EMPTY.contains(format.shortName())
                && files.location() instanceof PartitioningAwareFileIndex index) {
            return CollectionConverters.asJava(index.allFiles()).stream().filter(file -> file.getLen() == 0);
        }
        return Stream.of();
    }
}
