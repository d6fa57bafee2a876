package dev.cloze.spark;

import dev.cloze.scoring.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.python.PythonEvalType;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.PythonUDF;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** Calls as expressions of Spark; see {@link CallFunction}. */
final class Markers {
    private Markers() {}

    /**
     * The call's result for {@code arguments}, a struct. A second argument keeps Spark from taking a Python function, whose result is
     * the text, and the call for one Python program.
     */
    static Expression of(Call<?> call, List<Expression> arguments) {
        List<Expression> all = new ArrayList<>(arguments);
        all.add(Literal.create(null, DataTypes.NullType));
        return new PythonUDF(
                call.name(),
                new CallFunction(call),
                call.type(),
                Sequences.seq(all),
                // Not the one of plain pandas functions: Spark would evaluate those together with this one.
                PythonEvalType.SQL_SCALAR_PANDAS_ITER_UDF(),
                true,
                NamedExpression.newExprId());
    }

    /** The call that {@code udf} stands for, unless it is a Python function. */
    static Optional<Call<?>> call(PythonUDF udf) {
        return udf.func() instanceof CallFunction function ? Optional.of(function.call()) : Optional.empty();
    }

    /** The arguments that {@link #of} was given. */
    static List<Expression> arguments(PythonUDF marker) {
        List<Expression> all = Sequences.list(marker.children());
        return all.subList(0, all.size() - 1);
    }

    /** Under a name of its own where it is a column; Spark drops the name elsewhere. */
    static Alias named(Expression value, String name) {
        return named(value, name, NamedExpression.newExprId());
    }

    static Alias named(Expression value, String name, ExprId id) {
        return new Alias(value, name, id, Sequences.seq(List.of()), Option.empty(), Sequences.seq(List.of()));
    }

    static Expression field(Expression struct, String name) {
        int ordinal = ((StructType) struct.dataType()).fieldIndex(name);
        return new GetStructField(struct, ordinal, Option.apply(name));
    }

    /** {@code value} of a row that has a result, otherwise null. */
    static Expression whenOk(Expression marker, Expression value) {
        Expression ok = new EqualTo(field(marker, "status"), Literal.create(Status.OK.label(), DataTypes.StringType));
        return new If(ok, value, Literal.create(null, value.dataType()));
    }
}
