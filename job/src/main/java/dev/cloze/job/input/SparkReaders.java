package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
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
            return files.load(this::reader);
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
