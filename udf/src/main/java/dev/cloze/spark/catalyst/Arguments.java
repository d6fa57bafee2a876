package dev.cloze.spark.catalyst;

import dev.cloze.failure.ClozeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;

/** The arguments of a call in SQL, with the types that a function expects. */
final class Arguments {
    private final String signature;
    private final List<String> names;
    private final List<Expression> given;

    /**
     * @param signature such as {@code fill_mask(text[, top_k[, targets]])}
     * @param given what was written
     */
    Arguments(String signature, List<Expression> given) {
        this.signature = signature;
        this.given = given;
        this.names = Arrays.stream(signature.replaceAll("^.*?\\(|[\\[\\])]", "").split(","))
                .map(String::strip)
                .toList();
        long needed =
                Arrays.stream(signature.replaceAll("\\[.*", "").split(",")).count();
        if (given.stream().anyMatch(NamedArgumentExpression.class::isInstance)) {
            throw cannot("it knows its arguments by their places, not by names");
        }
        if (given.size() < needed || given.size() > names.size()) {
            throw cannot("it has " + given.size() + (given.size() == 1 ? " argument" : " arguments"));
        }
    }

    /** All of them as they were written, the first a string. */
    List<Expression> expressions() {
        List<Expression> all = new ArrayList<>(given);
        all.set(0, text());
        return all;
    }

    /** The first argument, a string. */
    Expression text() {
        Expression text = given.get(0);
        DataType type = text.dataType();
        if (type instanceof NullType) {
            return Literal.create(null, DataTypes.StringType);
        }
        if (!(type instanceof StringType)) {
            throw cannot(names.get(0) + " is " + article(type) + ", not a string");
        }
        return text;
    }

    /** Fails unless there is a whole number, which may differ from row to row. */
    void requireNumber(int index, int most) {
        Expression number = given.get(index);
        if (number.foldable()) {
            constant(index, most);
        } else if (!number.dataType().sameType(DataTypes.IntegerType)) {
            throw cannot(names.get(index) + " is " + article(number.dataType()) + ", not an int");
        }
    }

    /** A whole number from 1 to {@code most} that is the same for all rows; empty when there is no such argument. */
    Optional<Integer> constant(int index, int most) {
        if (given.size() <= index) {
            return Optional.empty();
        }
        Expression number = constant(index);
        if (!(value(index) instanceof Integer value)) {
            throw cannot(names.get(index) + " is " + article(number.dataType()) + ", not an int");
        }
        if (value < 1) {
            throw cannot(names.get(index) + " must be at least 1, it is " + value);
        }
        if (value > most) {
            throw cannot(names.get(index) + " must be at most " + most + ", it is " + value);
        }
        return Optional.of(value);
    }

    /** A string that is the same for all rows. */
    String string(int index) {
        Expression string = constant(index);
        if (!(string.dataType() instanceof StringType) || value(index) == null) {
            throw cannot(names.get(index) + " is " + article(string.dataType()) + ", not a string");
        }
        return value(index).toString();
    }

    /** A map of strings that is the same for all rows; empty when there is no such argument. */
    Map<String, String> map(int index) {
        Map<String, String> found = new HashMap<>();
        if (given.size() <= index) {
            return found;
        }
        DataType type = constant(index).dataType();
        boolean isEmpty = type instanceof MapType map && map.keyType() instanceof NullType;
        boolean isOfStrings = type instanceof MapType map
                && map.keyType() instanceof StringType
                && map.valueType() instanceof StringType;
        if (!isEmpty && !isOfStrings) {
            throw cannot(names.get(index) + " is " + article(type) + ", not a map of strings to strings");
        }
        if (isOfStrings && value(index) instanceof MapData values) {
            for (int i = 0; i < values.numElements(); i++) {
                if (!values.valueArray().isNullAt(i)) {
                    String key = values.keyArray().getUTF8String(i).toString();
                    found.put(key, values.valueArray().getUTF8String(i).toString());
                }
            }
        }
        return found;
    }

    /** An argument that may differ from row to row, where there is one. */
    Optional<Expression> optional(int index) {
        return given.size() <= index ? Optional.empty() : Optional.of(given.get(index));
    }

    /** At most {@code most} strings that are the same for all rows; empty when there is no such argument. */
    Optional<List<String>> strings(int index, int most) {
        if (given.size() <= index) {
            return Optional.empty();
        }
        Expression array = constant(index);
        if (!(array.dataType() instanceof ArrayType type) || !(type.elementType() instanceof StringType)) {
            throw cannot(names.get(index) + " is " + article(array.dataType()) + ", not an array of strings");
        }
        List<String> found = new ArrayList<>();
        if (value(index) instanceof ArrayData values) {
            if (values.numElements() > most) {
                throw cannot(
                        names.get(index) + " must be at most " + most + " words, there are " + values.numElements());
            }
            for (int i = 0; i < values.numElements(); i++) {
                if (!values.isNullAt(i)) {
                    found.add(values.getUTF8String(i).toString());
                }
            }
        }
        if (found.isEmpty()) {
            throw cannot(names.get(index) + " names no word");
        }
        return Optional.of(found);
    }

    private Expression constant(int index) {
        Expression value = given.get(index);
        if (!value.foldable()) {
            throw cannot(names.get(index) + " must be the same for all rows");
        }
        return value;
    }

    /** Of an argument that is the same for all rows; Spark may have to fail to compute it, as with {@code 1 / 0}. */
    private Object value(int index) {
        try {
            return given.get(index).eval(null);
        } catch (RuntimeException e) {
            throw cannot(names.get(index) + " cannot be computed: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static String article(DataType type) {
        String name = type.simpleString();
        return (name.matches("[aeiou].*") ? "an " : "a ") + name;
    }

    private ClozeException cannot(String why) {
        String name = signature.substring(0, signature.indexOf('('));
        return ClozeException.user(
                "call " + name, why, "write " + signature + ", see DESCRIBE FUNCTION EXTENDED " + name);
    }
}
