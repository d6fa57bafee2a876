package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What Spark's own readers read, as a user set them.
 *
 * @param format Spark's name of it, or tsv
 */
record SparkReaders(CorpusSession session, String format) {
    /** The column into which Spark's readers put records that they cannot read. */
    static final String CORRUPT = "_corrupt_record";

    private static final String CSV = "csv";
    private static final String TSV = "tsv";

    /** Sources that are named in their own way. */
    Dataset<Row> other() {
        return reader().load(session.corpus().inputs().toArray(String[]::new));
    }

    Dataset<Row> files(CorpusFiles files) {
        if (!isTable()) {
            requireNoEncoding();
            Dataset<Row> rows = files.load(this::reader);
            if (format.equals(RecordLoading.JSON)) {
                session.corpus().columns().id().ifPresent(id -> requireExact(id, rows));
            }
            return rows;
        }
        Dataset<Row> inferred = files.load(this::reader);
        StructType columns = new StructType();
        for (StructField field : inferred.schema().fields()) {
            columns = columns.add(field.name(), isId(field) ? DataTypes.StringType : field.dataType());
        }
        StructType schema = columns.add(CORRUPT, DataTypes.StringType);
        return files.load(() -> reader().schema(schema).option("columnNameOfCorruptRecord", CORRUPT));
    }

    /** ids are what stands in the file, whatever type may be read out of it. */
    private boolean isId(StructField field) {
        return session.corpus()
                .columns()
                .id()
                .filter(field.name()::equalsIgnoreCase)
                .isPresent();
    }

    /** Spark's reader makes numbers of one type of all numbers: digits of whole ones among fractions would be lost. */
    private void requireExact(String id, Dataset<Row> rows) {
        Column column = new Columns(rows, rows::schema).find(id);
        DataType type = rows.select(column).schema().apply(0).dataType();
        if (type instanceof FractionalType) {
            throw ClozeException.user(
                    "read ids from column " + id,
                    "some are fractions, so that Spark's own reader, which these --read-option need, would round others",
                    "leave --read-option out, or write the ids as strings");
        }
    }

    private boolean isTable() {
        return format.equals(CSV) || format.equals(TSV);
    }

    private void requireNoEncoding() {
        boolean isText = format.equals(RecordLoading.TEXT);
        if (isText && session.corpus().reading().encoding().isPresent()) {
            throw ClozeException.user(
                    "read text with --encoding",
                    "Spark's own reader, which these --read-option need, knows UTF-8 only",
                    "leave --read-option or --encoding out");
        }
    }

    private DataFrameReader reader() {
        DataFrameReader reader = session.spark().read().format(isTable() ? CSV : format);
        if (isTable()) {
            // As RFC 4180 has it: a first line of names, quotes doubled inside quotes, line ends inside quotes.
            reader.option("header", true)
                    .option("escape", "\"")
                    .option("multiLine", true)
                    .option("enforceSchema", false);
            if (format.equals(TSV)) {
                reader.option("sep", "\t");
            }
        }
        if (format.equals("parquet")) {
            // Otherwise a damaged page may be read as other words.
            reader.option("parquet.page.verify-checksum.enabled", true);
        }
        session.corpus().reading().encoding().ifPresent(name -> reader.option("encoding", name));
        session.corpus().reading().options().forEach(reader::option);
        return reader;
    }
}
