package dev.cloze.rows;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udaf;
import static org.apache.spark.sql.functions.udf;

import dev.cloze.marks.LongLines;
import dev.cloze.marks.TextHash;
import dev.cloze.marks.TextMarks;
import dev.cloze.stats.judge.CountRule;
import dev.cloze.stats.judge.Stock;
import dev.cloze.stats.night.SliceState;
import dev.cloze.stats.night.SliceSums;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Adds scored documents up to {@link SliceState}s, which {@link StateRows} tells as rows. */
public final class SliceStates {
    /** When a document was delivered: a date. */
    public static final String DATE = "date";
    /** Whether a document came on an earlier night already; null where nobody knows. */
    public static final String SEEN = "seen";
    /** Whether a document came earlier in the same night; null where nobody knows. */
    public static final String COPY = "copy";

    /** What can be seen of a text without a model: see {@link #marks}. */
    public static final String MARKS = "cloze_marks";

    private static final String TEXT = "text";

    private static final StructType TEXT_MARKS = new StructType()
            .add("marks", DataTypes.createArrayType(DataTypes.StringType, false), false)
            .add("language", DataTypes.StringType, false)
            .add("script", DataTypes.StringType, false)
            .add("hash", DataTypes.LongType, false)
            .add("lines", DataTypes.createArrayType(DataTypes.IntegerType, false), false);

    /** Whether the model was not asked for a document. */
    public static final String UNSCORED = "cloze_unscored";

    /** Whether a document of a corpus that is delivered as a whole was there before; null in other corpora. */
    public static final String STAYED = "cloze_stayed";

    /** What a document is to a state; scores are null in rows that have none, and the marks where none are counted. */
    private static final StructType DOCUMENT = new StructType()
            .add("tokens_scored", DataTypes.LongType)
            .add("nll", DataTypes.DoubleType)
            .add(MARKS, TEXT_MARKS)
            .add(SEEN, DataTypes.BooleanType)
            .add(COPY, DataTypes.BooleanType)
            .add(UNSCORED, DataTypes.BooleanType)
            .add(STAYED, DataTypes.BooleanType);

    private static final int MARKS_AT = 2;
    private static final int SEEN_AT = 3;
    private static final int COPY_AT = 4;
    private static final int UNSCORED_AT = 5;
    private static final int STAYED_AT = 6;

    private SliceStates() {}

    /**
     * One row for each date and slice: {@link #DATE}, {@link StateRows#SLICE}, then the state.
     *
     * @param scored rows with {@link #DATE}, tokens_scored, nll, {@link #SEEN}, {@link #COPY}, the columns of {@code sliceBy}, either
     *     {@link #MARKS} or the text, and, if the model was not asked for all, {@link #UNSCORED},
     *     and, if all documents are delivered every night, {@link #STAYED}
     * @param sliceBy without any, all documents of a date are one slice
     */
    public static Dataset<Row> of(Dataset<Row> scored, List<String> sliceBy) {
        Column[] figures =
                List.of(DOCUMENT.fieldNames()).stream().map(SliceStates::named).toArray(Column[]::new);
        Dataset<Row> looked = with(MARKS, marks(col(TEXT)), scored);
        return with(UNSCORED, lit(false), with(STAYED, lit(null).cast(DataTypes.BooleanType), looked))
                .groupBy(named(DATE), slice(sliceBy).as(StateRows.SLICE))
                .agg(udaf(new Adding(), Encoders.row(DOCUMENT)).apply(figures).as("state"))
                .select(DATE, StateRows.SLICE, "state.*");
    }

    private static Dataset<Row> with(String name, Column standard, Dataset<Row> rows) {
        return List.of(rows.columns()).contains(name) ? rows : rows.withColumn(name, standard);
    }

    /** What can be seen of {@code text} without a model, to be counted later; null where there is no text. */
    public static Column marks(Column text) {
        UDF1<String, Row> look = each -> each == null ? null : look(each);
        return udf(look, TEXT_MARKS).apply(text);
    }

    private static Row look(String text) {
        TextMarks marks = TextMarks.of(text);
        return RowFactory.create(
                marks.marks().toArray(String[]::new),
                marks.language(),
                marks.script(),
                TextHash.of(text),
                LongLines.of(text));
    }

    private static Column slice(List<String> sliceBy) {
        Column[] values = sliceBy.stream()
                .map(name -> named(name).cast(DataTypes.StringType).as(name))
                .toArray(Column[]::new);
        return values.length == 0 ? lit(null).cast(DataTypes.StringType) : struct(values);
    }

    private static Column named(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    /** Adds documents up. */
    private static final class Adding extends Aggregator<Row, SliceSums, Row> {
        private static final long serialVersionUID = 1L;

        @Override
        public SliceSums zero() {
            return new SliceSums();
        }

        @Override
        public SliceSums reduce(SliceSums sums, Row document) {
            if (document.isNullAt(STAYED_AT)) {
                add(sums, document);
            } else {
                boolean hasStayed = document.getBoolean(STAYED_AT);
                sums.counting(List.of(Stock.STOCK, Stock.ARRIVED));
                sums.mark(hasStayed ? List.of(Stock.STOCK) : List.of(Stock.STOCK, Stock.ARRIVED));
                if (!hasStayed) {
                    add(sums, document);
                }
            }
            return sums;
        }

        private static void add(SliceSums sums, Row document) {
            if (!document.isNullAt(UNSCORED_AT) && document.getBoolean(UNSCORED_AT)) {
                sums.addUnscored();
                look(sums, document);
            } else if (document.isNullAt(0) || document.isNullAt(1) || !isScore(document)) {
                sums.addBadRow();
            } else {
                sums.add(document.getLong(0), document.getDouble(1));
                look(sums, document);
            }
        }

        /** Counts what is known of a document beside its score. */
        private static void look(SliceSums sums, Row document) {
            if (!document.isNullAt(MARKS_AT)) {
                Row marks = document.getStruct(MARKS_AT);
                sums.counting(TextMarks.NAMES);
                sums.mark(marks.<String>getList(0));
                sums.mark(marks.getString(1), marks.getString(2));
                sums.lines(marks.getLong(3), () -> marks.<Integer>getList(4).stream()
                        .mapToInt(Integer::intValue)
                        .toArray());
            }
            count(sums, CountRule.SEEN, document, SEEN_AT);
            count(sums, CountRule.COPIES, document, COPY_AT);
        }

        private static void count(SliceSums sums, String mark, Row document, int column) {
            if (!document.isNullAt(column)) {
                sums.counting(List.of(mark));
                sums.mark(document.getBoolean(column) ? List.of(mark) : List.of());
            }
        }

        private static boolean isScore(Row document) {
            return SliceSums.isScore(document.getLong(0), document.getDouble(1));
        }

        @Override
        public SliceSums merge(SliceSums left, SliceSums right) {
            left.merge(right);
            return left;
        }

        @Override
        public Row finish(SliceSums sums) {
            return RowFactory.create(StateRows.values(sums.state()).toArray());
        }

        @Override
        public Encoder<SliceSums> bufferEncoder() {
            return Encoders.javaSerialization(SliceSums.class);
        }

        @Override
        public Encoder<Row> outputEncoder() {
            return Encoders.row(StateRows.STATE);
        }
    }
}
