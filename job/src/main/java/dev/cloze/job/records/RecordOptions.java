package dev.cloze.job.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.records.TextRecord.Origin;
import dev.cloze.rows.CorpusRow;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.datasources.CodecStreams;

/**
 * How files become records: a value that travels as an option of Spark's reader.
 *
 * @param kind of the files
 * @param encoding of their characters
 * @param csv the dialect of tables, else null
 * @param json what is wanted of objects, else null
 * @param columns names of columns that are wanted of tables, as a user spells them; all when there are none
 */
public record RecordOptions(
        @JsonProperty("kind") Kind kind,
        @JsonProperty("encoding") String encoding,
        @JsonProperty("csv") Csv csv,
        @JsonProperty("json") Json json,
        @JsonProperty("columns") List<String> columns) {
    /** The column of a line, or of an object of JSON. */
    public static final String VALUE = "cloze_value";
    /** The column that says why a record cannot be read. */
    public static final String PROBLEM = CorpusRow.PROBLEM;

    private static final String KEY = "cloze.records";
    /** A mapper knows a class when it has read it once: options are read for every file. */
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What files hold. */
    public enum Kind {
        LINES,
        TABLE,
        /** One object of JSON a line. */
        OBJECTS,
        /** Values of JSON that may have line ends in them, or one array of such. */
        VALUES
    }

    /** The same for Spark's reader. */
    public Map<String, String> asOptions() {
        try {
            return Map.of(KEY, JSON.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RecordOptions of(scala.collection.immutable.Map<String, String> options) {
        try {
            return JSON.readValue(options.apply(KEY), RecordOptions.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with another idea of what is wanted of objects. */
    public RecordOptions with(Json other) {
        return new RecordOptions(kind, encoding, csv, other, columns);
    }

    /** The same with all columns of tables. */
    public RecordOptions ofAllColumns() {
        return new RecordOptions(kind, encoding, csv, json, List.of());
    }

    Charset charset() {
        return Encodings.named(encoding);
    }

    /** Whether a file is cut at line ends, and so can be read in pieces. */
    boolean isInLines() {
        return (kind == Kind.LINES || kind == Kind.OBJECTS) && Encodings.keepsLines(charset());
    }

    /** Why a file cannot be read in pieces, unless it can. */
    public Optional<String> whole() {
        if (isInLines()) {
            return Optional.empty();
        }
        return Optional.of(
                kind == Kind.TABLE || kind == Kind.VALUES
                        ? "line ends may stand within its rows"
                        : "line ends of " + encoding + " cannot be distinguished from other bytes");
    }

    /** The records of a whole file, with fields for {@code fields}. */
    RecordSource of(InputStream file, String[] fields) throws IOException {
        Characters characters = new Characters(file, charset());
        return switch (kind) {
            case LINES -> new LineRecords(characters);
            case OBJECTS -> objects(new LineRecords(characters));
            case VALUES -> new JsonRecords(new JsonValues(characters), json);
            case TABLE -> CsvTable.of(rows(characters), csv, fields);
        };
    }

    /** Objects of {@code lines}; a line that is an array has several. */
    RecordSource objects(RecordSource lines) {
        return new JsonRecords(new ArrayLines(lines), json);
    }

    /** What the columns of files are called, when no file has to tell. */
    public List<String> names() {
        return kind == Kind.TABLE ? List.of() : List.of(VALUE);
    }

    /** What the columns of a file are called. */
    public List<String> names(InputStream file) throws IOException {
        return kind == Kind.TABLE ? CsvTable.names(rows(new Characters(file, charset())), csv) : names();
    }

    private RecordSource rows(Characters characters) {
        return new CsvRecords(characters, csv.separator(), csv.quote());
    }

    /** The lines, or objects of JSON, with which {@code file} begins, at most so many; those that cannot be read are left out. */
    public List<String> first(Path file, int most, Configuration hadoop) throws IOException {
        List<String> first = new ArrayList<>();
        try (RecordSource records =
                of(CodecStreams.createInputStreamWithCloseResource(hadoop, file), names().toArray(String[]::new))) {
            for (TextRecord record = records.next(); record != null && first.size() < most; record = records.next()) {
                if (record.problem() == null) {
                    first.add(record.fields()[0]);
                }
            }
        }
        return first;
    }

    /**
     * All records of a stream.
     *
     * @param file that holds its bytes
     * @param doubtful receives how many of them have doubtful characters
     */
    public List<String[]> read(InputStream file, String[] fields, LongConsumer doubtful) throws IOException {
        List<String[]> rows = new ArrayList<>();
        long count = 0;
        try (RecordSource records = of(file, fields)) {
            for (TextRecord record = records.next(); record != null; record = records.next()) {
                String[] row = new String[fields.length + 1];
                if (record.problem() == null) {
                    System.arraycopy(record.fields(), 0, row, 0, fields.length);
                }
                row[fields.length] = record.problem();
                rows.add(row);
                count += record.origin() == Origin.DOUBTFUL ? 1 : 0;
            }
        }
        doubtful.accept(count);
        return rows;
    }

    /** Whether {@code found} are all columns that are wanted of a table. */
    boolean hasAll(List<String> found) {
        Set<String> there = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        there.addAll(found);
        return !found.isEmpty() && there.containsAll(columns);
    }

    /** The columns to read of those that were {@code found}, as a user spells them; each once, whatever its case. */
    public List<String> schema(List<String> found) {
        List<String> names = new ArrayList<>();
        Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Set<String> there = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        there.addAll(found);
        for (String column : kind != Kind.TABLE || columns.isEmpty() ? found : columns) {
            if (there.contains(column) && !column.equalsIgnoreCase(PROBLEM) && taken.add(column)) {
                names.add(column);
            }
        }
        return names;
    }
}
