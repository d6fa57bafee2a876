package dev.cloze.spark.catalyst;

import dev.cloze.scoring.Status;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.UnaryMinus;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** What a function gives of a call's result. Functions that give parts of one result share it. */
sealed interface Part extends Serializable {

    /** All of it: a struct. */
    static Part whole() {
        return new Whole();
    }

    /** A field; null for a row without a result. */
    static Part field(String name) {
        return new Field(name, false);
    }

    /** A number, its sign changed; null for a row without a result. */
    static Part negative(String name) {
        return new Field(name, true);
    }

    /** A number to be summed, which is 0 for a row without a result. */
    static Part summand(String name) {
        return new Summand(name);
    }

    DataType type(StructType result);

    /** @param result the call's result, a struct */
    Expression of(Expression result);

    private static Expression get(Expression result, String name) {
        int ordinal = ((StructType) result.dataType()).fieldIndex(name);
        return new GetStructField(result, ordinal, Option.apply(name));
    }

    /** See {@link #whole()}. */
    record Whole() implements Part {
        @Override
        public DataType type(StructType result) {
            return result;
        }

        @Override
        public Expression of(Expression result) {
            return result;
        }
    }

    /** See {@link #field} and {@link #negative}. */
    record Field(String name, boolean negated) implements Part {
        @Override
        public DataType type(StructType result) {
            return result.apply(name).dataType();
        }

        @Override
        public Expression of(Expression result) {
            Expression value = get(result, name);
            Expression ok = new EqualTo(get(result, "status"), Literal.create(Status.OK.label(), DataTypes.StringType));
            return new If(ok, negated ? new UnaryMinus(value) : value, Literal.create(null, value.dataType()));
        }
    }

    /** See {@link #summand}. */
    record Summand(String name) implements Part {
        @Override
        public DataType type(StructType result) {
            return result.apply(name).dataType();
        }

        @Override
        public Expression of(Expression result) {
            return get(result, name);
        }
    }
}
