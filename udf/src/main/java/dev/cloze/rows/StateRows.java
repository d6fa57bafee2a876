package dev.cloze.rows;

import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.LineCounts;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** {@link SliceState}s as rows, to be kept and to be read again. */
public final class StateRows {
    /** The values of the columns that slices are made by: a struct of strings; null for a corpus without slices. */
    public static final String SLICE = "slice";

    private static final String LINES = "lines";

    private static final MapType COUNTS = DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, false);
    static final StructType STATE = new StructType()
            .add("rows", DataTypes.LongType, false)
            .add("documents", DataTypes.LongType, false)
            .add("sum_c", DataTypes.DoubleType, false)
            .add("sum_c2", DataTypes.DoubleType, false)
            .add("sum_n", DataTypes.LongType, false)
            .add("sum_n2", DataTypes.DoubleType, false)
            .add("sum_nll", DataTypes.DoubleType, false)
            .add("sum_n_nll", DataTypes.DoubleType, false)
            .add("sum_nll2", DataTypes.DoubleType, false)
            .add("histogram", DataTypes.BinaryType, false)
            .add("marks", COUNTS, false)
            .add("languages", COUNTS, false)
            .add("scripts", COUNTS, false)
            // Nights of earlier versions have none.
            .add(LINES, DataTypes.BinaryType);

    private StateRows() {}

    /** {@link #SLICE} and the state: what a row of {@link #row} has. */
    public static StructType schema(List<String> sliceBy) {
        StructType values = new StructType();
        for (String name : sliceBy) {
            values = values.add(name, DataTypes.StringType);
        }
        StructType schema = new StructType().add(SLICE, sliceBy.isEmpty() ? DataTypes.StringType : values);
        for (var field : STATE.fields()) {
            schema = schema.add(field);
        }
        return schema;
    }

    /** The values of a row as {@link #schema} has it. */
    public static List<Object> row(Slice slice, SliceState state) {
        List<Object> values = new ArrayList<>();
        values.add(slice.isCorpus() ? null : RowFactory.create(slice.values().toArray()));
        values.addAll(values(state));
        return values;
    }

    static List<Object> values(SliceState state) {
        SliceState.Sums sums = state.sums();
        return List.of(
                state.rows(),
                state.documents(),
                sums.c(),
                sums.c2(),
                sums.n(),
                sums.n2(),
                sums.nll(),
                sums.nNll(),
                sums.nll2(),
                state.histogram().bytes(),
                scala(state.marks()),
                scala(state.languages()),
                scala(state.scripts()),
                state.lines().bytes());
    }

    /** Rows want maps of Scala. */
    private static scala.collection.Map<String, Long> scala(Map<String, Long> counts) {
        return CollectionConverters.asScala(counts);
    }

    /** The slice of a row. */
    public static Slice slice(Row row) {
        Object values = row.get(row.fieldIndex(SLICE));
        if (!(values instanceof Row names)) {
            return Slice.CORPUS;
        }
        List<String> slice = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            slice.add(names.getString(i));
        }
        return new Slice(slice);
    }

    /**
     * The state in a row.
     *
     * @throws IllegalArgumentException with the reason, when it is damaged
     */
    public static SliceState state(Row row) {
        for (String name : STATE.fieldNames()) {
            if (row.isNullAt(row.fieldIndex(name)) && !name.equals(LINES)) {
                throw new IllegalArgumentException("its " + name + " is null");
            }
        }
        return new SliceState(
                row.getAs("rows"),
                row.getAs("documents"),
                new SliceState.Sums(
                        row.getAs("sum_c"),
                        row.getAs("sum_c2"),
                        row.getAs("sum_n"),
                        row.getAs("sum_n2"),
                        row.getAs("sum_nll"),
                        row.getAs("sum_n_nll"),
                        row.getAs("sum_nll2")),
                Histogram.of(row.<byte[]>getAs("histogram")),
                counts(row, "marks"),
                counts(row, "languages"),
                counts(row, "scripts"),
                row.isNullAt(row.fieldIndex(LINES)) ? LineCounts.NONE : LineCounts.of(row.<byte[]>getAs(LINES)));
    }

    private static TreeMap<String, Long> counts(Row row, String name) {
        return new TreeMap<>(row.<String, Long>getJavaMap(row.fieldIndex(name)));
    }
}
