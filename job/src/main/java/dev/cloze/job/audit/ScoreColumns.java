package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import dev.cloze.failure.ClozeException;
import java.util.Arrays;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VariantType;

/** What the columns of a table of scores tell of each document, whatever their types are. */
record ScoreColumns(Dataset<Row> table) {
    static final String TOKENS = "tokens_scored";
    static final String NLL = "nll";
    static final String STATUS = "status";
    static final String ID = "id";
    static final String SURPRISALS = "surprisals";

    private static final ArrayType TOKENS_READ = DataTypes.createArrayType(new StructType()
            .add("start", DataTypes.IntegerType)
            .add("end", DataTypes.IntegerType)
            .add("nll", DataTypes.DoubleType));

    private static final String OK = "ok";
    private static final int DIGEST_BITS = 256;

    boolean has(String name) {
        return Arrays.stream(table.columns()).anyMatch(name::equalsIgnoreCase);
    }

    Column column(String name) {
        return table.col(quoted(name));
    }

    static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private DataType type(String name) {
        return table.select(column(name)).schema().apply(0).dataType();
    }

    /** Null in rows that were not scored; a whole number, which some tables write as 12.0. */
    Column tokens() {
        Column value = number(TOKENS).try_cast(DataTypes.DoubleType);
        return ifScored(when(value.equalTo(floor(value)), value.try_cast(DataTypes.LongType)));
    }

    /** Null in rows that were not scored. */
    Column nll() {
        return ifScored(number(NLL).try_cast(DataTypes.DoubleType));
    }

    private Column number(String name) {
        DataType type = type(name);
        if (type instanceof NumericType || type instanceof StringType || type instanceof NullType) {
            return column(name);
        }
        throw ClozeException.corpus(
                "read the scores",
                "the column " + name + " is of the type " + type.simpleString(),
                "write a number into it in every row",
                null);
    }

    private Column ifScored(Column figure) {
        if (!has(STATUS)) {
            return figure;
        }
        Column status = column(STATUS).cast(DataTypes.StringType);
        return when(status.isNull().or(status.equalTo(OK)), figure);
    }

    /** The id as it is written, or nulls when there is no such column. */
    Column id() {
        return has(ID) ? written(ID) : lit(null).cast(DataTypes.StringType);
    }

    /** Start, end and negative log-likelihood of each scored token; nulls when the table does not tell them. */
    Column surprisals() {
        boolean areTold = has(SURPRISALS)
                && type(SURPRISALS) instanceof ArrayType array
                && array.elementType() instanceof StructType token
                && Set.of(token.fieldNames()).containsAll(Set.of("start", "end", "nll"));
        return areTold
                ? transform(
                        column(SURPRISALS),
                        token -> struct(
                                token.getField("start")
                                        .cast(DataTypes.IntegerType)
                                        .as("start"),
                                token.getField("end")
                                        .cast(DataTypes.IntegerType)
                                        .as("end"),
                                token.getField("nll").cast(DataTypes.DoubleType).as("nll")))
                : lit(null).cast(TOKENS_READ);
    }

    /** A text, or nulls when there is no such column. */
    Column text(String name) {
        return (has(name) ? column(name) : lit(null)).cast(DataTypes.StringType);
    }

    /** What tells whether two rows are of the same document: the {@code text}, or the id and the figures. */
    Column identity(Column text) {
        Column figures = has(ID)
                ? when(
                        column(ID).isNotNull(),
                        sha2(concat_ws("\u0000", written(ID), written(TOKENS), written(NLL)), DIGEST_BITS))
                : lit(null).cast(DataTypes.StringType);
        return coalesce(sha2(text, DIGEST_BITS), figures);
    }

    private Column written(String name) {
        DataType type = type(name);
        boolean isNested = type instanceof StructType
                || type instanceof ArrayType
                || type instanceof MapType
                || type instanceof VariantType;
        return isNested ? to_json(column(name)) : column(name).cast(DataTypes.StringType);
    }
}
