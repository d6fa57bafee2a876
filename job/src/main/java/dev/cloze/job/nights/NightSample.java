package dev.cloze.job.nights;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Which documents of a slice the model reads: those whose keys begin with j zero bits, where 2⁻ʲ of the slice's documents are about as
 * many as are wanted. A document is in or out on every night, on any cluster.
 *
 * @param documents of a slice that are wanted; all when absent
 * @param sliceColumns columns that slices are made by
 */
public record NightSample(OptionalInt documents, List<String> sliceColumns) {
    private static final int LONGEST = 62;

    boolean isAll() {
        return documents.isEmpty();
    }

    /**
     * Whether the model reads a document: true or false in each row.
     *
     * @param rows with keys and the columns of slices
     * @param before the last night before this one: a slice keeps its share until twice as many or half as many documents would be read
     */
    Column of(Dataset<Row> rows, Optional<Night> before) {
        Map<List<String>, Integer> zeros = zeros(rows, before);
        UDF2<Seq<String>, byte[], Boolean> isRead = (slice, key) ->
                key == null || leadingZeros(key) >= zeros.getOrDefault(CollectionConverters.asJava(slice), 0);
        return udf(isRead, DataTypes.BooleanType).apply(slice(), col(TextKey.NAME));
    }

    private Column slice() {
        Column[] values = sliceColumns.stream()
                .map(name -> col(NightCorpus.quoted(name)).cast(DataTypes.StringType))
                .toArray(Column[]::new);
        return values.length == 0 ? lit(new String[0]) : array(values);
    }

    private Map<List<String>, Integer> zeros(Dataset<Row> rows, Optional<Night> before) {
        Map<List<String>, Integer> zeros = new HashMap<>();
        for (Row row :
                rows.groupBy(slice().as("slice")).agg(count(TextKey.NAME)).collectAsList()) {
            List<String> values = new ArrayList<>(row.<String>getList(0));
            SliceState last = before.map(night -> night.of(new Slice(values))).orElse(SliceState.EMPTY);
            zeros.put(values, zeros(row.getLong(1), documents.getAsInt(), last));
        }
        return zeros;
    }

    /** j, for a slice with {@code all} documents of which about {@code wanted} are read. */
    static int zeros(long all, int wanted, SliceState last) {
        if (last.scored() > 0) {
            int kept = (int) Math.round(Math.log((double) last.documents() / last.scored()) / Math.log(2));
            double read = all / Math.pow(2, kept);
            if (read <= 2.0 * wanted && (kept == 0 || read >= wanted / 2.0)) {
                return kept;
            }
        }
        int zeros = 0;
        while (zeros < LONGEST && all / Math.pow(2, zeros) > wanted) {
            zeros++;
        }
        return zeros;
    }

    private static int leadingZeros(byte[] key) {
        int zeros = 0;
        for (byte each : key) {
            if (each != 0) {
                return zeros + Integer.numberOfLeadingZeros(each & 0xFF) - 24;
            }
            zeros += Byte.SIZE;
        }
        return zeros;
    }
}
