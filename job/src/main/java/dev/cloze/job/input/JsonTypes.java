package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Types of columns that were found in JSON. */
final class JsonTypes {
    private static final int DEEPEST = 20;
    private static final int MOST_FIELDS = 1_000;

    private JsonTypes() {}

    /** Whether numbers of {@code type} may have had more digits in the file. */
    static boolean mayLoseDigits(StructType type, String id) {
        return mayLoseDigits(type, "", id);
    }

    private static boolean mayLoseDigits(DataType type, String path, String id) {
        if (type instanceof StructType struct) {
            return Arrays.stream(struct.fields())
                    .anyMatch(field -> mayLoseDigits(
                            field.dataType(), path.isEmpty() ? field.name() : path + "." + field.name(), id));
        }
        if (type instanceof ArrayType array) {
            return mayLoseDigits(array.elementType(), path, id);
        }
        return type instanceof DoubleType || type instanceof DecimalType && path.equalsIgnoreCase(id);
    }

    /**
     * Columns by the names that a user gave them, whatever their case in the files; nested ones that Spark could not handle are strings
     * of JSON.
     */
    static StructType settled(StructType found, List<String> wanted, CorpusSession session) {
        List<StructField> fields = new ArrayList<>();
        Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (StructField field : found.fields()) {
            if (isMeant(field, found, wanted) && taken.add(field.name())) {
                fields.add(field);
            }
        }
        StructType settled = new StructType();
        for (StructField field : fields) {
            boolean isTame = isTame(field.dataType(), 0);
            if (!isTame) {
                session.say("column " + field.name() + " is read as text of JSON: it is nested deeper than " + DEEPEST
                        + " levels, has objects of more than " + MOST_FIELDS
                        + " different keys, or of keys that differ in case only");
            }
            settled = settled.add(field.name(), isTame ? field.dataType() : DataTypes.StringType);
        }
        return settled;
    }

    /** Whether a column is one of those that a user names: exactly, or else as the only one that differs in case. */
    private static boolean isMeant(StructField field, StructType found, List<String> wanted) {
        List<StructField> same = Arrays.stream(found.fields())
                .filter(other -> other.name().equalsIgnoreCase(field.name()))
                .toList();
        List<StructField> exact = same.stream()
                .filter(other -> wanted.contains(other.name())
                        || wanted.stream().anyMatch(name -> name.startsWith(other.name() + ".")))
                .toList();
        if (exact.isEmpty() && same.size() > 1) {
            throw ClozeException.user(
                    "read column " + field.name(),
                    "the corpus has "
                            + String.join(
                                    ", ", same.stream().map(StructField::name).toList()),
                    "name one of them in its own case");
        }
        return exact.isEmpty() || exact.contains(field);
    }

    private static boolean isTame(DataType type, int depth) {
        if (type instanceof ArrayType array) {
            return depth < DEEPEST && isTame(array.elementType(), depth + 1);
        }
        if (!(type instanceof StructType struct)) {
            return true;
        }
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        return depth < DEEPEST
                && struct.size() <= MOST_FIELDS
                && Arrays.stream(struct.fields())
                        .allMatch(field -> names.add(field.name()) && isTame(field.dataType(), depth + 1));
    }
}
