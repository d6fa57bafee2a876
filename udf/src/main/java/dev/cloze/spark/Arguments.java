package dev.cloze.spark;

import dev.cloze.failure.ClozeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
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
    void requireNumber(int index, int least) {
        Expression number = given.get(index);
        if (number.foldable()) {
            constant(index, least);
        } else if (!number.dataType().sameType(DataTypes.IntegerType)) {
            throw cannot(names.get(index) + " is " + article(number.dataType()) + ", not an int");
        }
    }

    /** A whole number that is the same for all rows; empty when there is no such argument. */
    Optional<Integer> constant(int index, int least) {
        if (given.size() <= index) {
            return Optional.empty();
        }
        Expression number = constant(index);
        if (!(number.eval(null) instanceof Integer value)) {
            throw cannot(names.get(index) + " is " + article(number.dataType()) + ", not an int");
        }
        if (value < least) {
            throw cannot(names.get(index) + " must be at least " + least + ", it is " + value);
        }
        return Optional.of(value);
    }

    /** Strings that are the same for all rows; empty when there is no such argument. */
    Optional<List<String>> strings(int index) {
        if (given.size() <= index) {
            return Optional.empty();
        }
        Expression array = constant(index);
        if (!(array.dataType() instanceof ArrayType type) || !(type.elementType() instanceof StringType)) {
            throw cannot(names.get(index) + " is " + article(array.dataType()) + ", not an array of strings");
        }
        List<String> found = new ArrayList<>();
        if (array.eval(null) instanceof ArrayData values) {
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
