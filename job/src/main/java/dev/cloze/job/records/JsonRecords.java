package dev.cloze.job.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Objects of JSON with the columns that are wanted and nothing else. A value that is to be a string is one of the same letters as in the
 * file. What no reader of JSON could take, and what is nested so deep that Spark could not, has a problem.
 */
final class JsonRecords implements RecordSource {
    /** Far more than any data has; Spark finds types of nested values by recursion. */
    private static final int DEEPEST = 100;

    private final RecordSource values;
    private final Json wanted;
    private final Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final DataType types;
    private final JsonFactory factory;

    JsonRecords(RecordSource values, Json wanted) {
        this.values = values;
        this.wanted = wanted;
        this.columns.addAll(wanted.columns());
        this.types = wanted.types().isEmpty() ? null : DataType.fromJson(wanted.types());
        this.factory = new JSONOptions(
                        scala.collection.immutable.Map.from(CollectionConverters.asScala(wanted.options())), "UTC", "")
                .buildJsonFactory();
        this.factory.setStreamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST)
                .maxNumberLength(TextRecord.LONGEST)
                .maxStringLength(TextRecord.LONGEST)
                .build());
    }

    @Override
    public TextRecord next() throws IOException {
        TextRecord value = values.next();
        while (value != null && value.problem() == null && value.fields()[0].isBlank()) {
            value = values.next();
        }
        if (value == null || value.problem() != null) {
            return value;
        }
        String text = value.fields()[0];
        try {
            return TextRecord.of(reduced(text), value.origin());
        } catch (JsonProcessingException e) {
            String why = e.getOriginalMessage().startsWith("Document nesting depth")
                    ? "it is nested deeper than " + DEEPEST + " levels: "
                    : "it is not a JSON object: ";
            return TextRecord.failed(
                    why + TextRecord.beginning(text)
                            + "; correct it, or read a file of one JSON value with --read-option multiLine=true",
                    value.origin());
        }
    }

    private String reduced(String text) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonParser in = factory.createParser(text);
                JsonGenerator copy = factory.createGenerator(out)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new NoObject(in);
            }
            copy.writeStartObject();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String key = in.currentName();
                in.nextToken();
                if (columns.isEmpty() || columns.contains(key)) {
                    copy.writeFieldName(key);
                    copy(in, copy, text, key, field(types, key));
                } else {
                    in.skipChildren();
                }
            }
            copy.writeEndObject();
            if (in.nextToken() != null) {
                throw new NoObject(in);
            }
        }
        return out.toString();
    }

    private static final class NoObject extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        NoObject(JsonParser in) {
            super("no object", in.currentLocation());
        }
    }

    private void copy(JsonParser in, JsonGenerator out, String text, String path, DataType type) throws IOException {
        JsonToken token = in.currentToken();
        if (type instanceof StringType && token != JsonToken.VALUE_NULL && token != JsonToken.VALUE_STRING) {
            out.writeString(asItStands(in, text));
        } else if (token == JsonToken.START_OBJECT) {
            copyFields(in, out, text, path, type);
        } else if (token == JsonToken.START_ARRAY) {
            out.writeStartArray();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                copy(in, out, text, path, type instanceof ArrayType array ? array.elementType() : null);
            }
            out.writeEndArray();
        } else if (token.isNumeric()) {
            number(in.getText(), out, path);
        } else {
            out.copyCurrentEvent(in);
        }
    }

    private void copyFields(JsonParser in, JsonGenerator out, String text, String path, DataType type)
            throws IOException {
        out.writeStartObject();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            in.nextToken();
            out.writeFieldName(key);
            copy(in, out, text, path + "." + key, field(type, key));
        }
        out.writeEndObject();
    }

    private static String asItStands(JsonParser in, String text) throws IOException {
        if (!in.currentToken().isStructStart()) {
            return in.getText();
        }
        int start = (int) in.currentTokenLocation().getCharOffset();
        in.skipChildren();
        return text.substring(start, (int) in.currentLocation().getCharOffset());
    }

    private void number(String number, JsonGenerator out, String path) throws IOException {
        boolean isId = path.equalsIgnoreCase(wanted.id());
        boolean isKept =
                wanted.numbers() == Json.Numbers.ALL || (!isId || Digits.fitLong(number)) && Digits.fitDouble(number);
        if (isKept) {
            out.writeNumber(number);
        } else {
            out.writeString(number);
        }
    }

    private static DataType field(DataType type, String key) {
        if (type instanceof StructType struct) {
            for (var field : struct.fields()) {
                if (field.name().equals(key)) {
                    return field.dataType();
                }
            }
        }
        return type instanceof MapType map ? map.valueType() : null;
    }

    @Override
    public void close() throws IOException {
        values.close();
    }
}
