package dev.cloze.job.audit;

import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.unix_seconds;
import static org.apache.spark.sql.functions.when;

import dev.cloze.failure.ClozeException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Columns that tell the night of a document. */
public final class NightDates {
    private static final int SECONDS_A_DAY = 24 * 60 * 60;

    /** What a string begins with that has a date. */
    private static final String WHOLE_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])";

    private static final int LETTERS = 10;

    private NightDates() {}

    /**
     * The dates of a column, whatever the time zone of the session: those of dates as they are, those of timestamps in UTC, those of strings
     * as their first ten characters have them. Null where a string does not begin with a whole date.
     *
     * @param quoted the column's name
     */
    public static Column of(Dataset<Row> table, String quoted) {
        Column column = table.col(quoted);
        DataType type = table.select(column).schema().apply(0).dataType();
        if (type instanceof TimestampType) {
            return date_from_unix_date(
                    floor(unix_seconds(column).divide(SECONDS_A_DAY)).cast(DataTypes.IntegerType));
        }
        if (type instanceof StringType) {
            // Spark would take 2026-11 and 2026 for the first day of the month or year.
            return when(column.rlike(WHOLE_DATE), substring(column, 1, LETTERS).try_cast(DataTypes.DateType));
        }
        if (type instanceof DateType || type instanceof TimestampNTZType || type instanceof NullType) {
            return column.try_cast(DataTypes.DateType);
        }
        throw ClozeException.corpus(
                "tell the nights of these scores apart",
                "the column " + quoted.replace("`", "") + " is of the type " + type.simpleString(),
                "name a column of dates, timestamps, or strings such as 2026-11-21 with --date-column",
                null);
    }
}
