package dev.cloze.spark.catalyst;

import dev.cloze.spark.call.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.python.PythonEvalType;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.PythonUDF;

/** Calls as expressions of Spark; see {@link CallFunction}. */
final class Markers {
    private Markers() {}

    /**
     * What the function {@code name} gives for {@code arguments}.
     *
     * @param arguments as they were written, of which the first are the call's inputs
     */
    static Expression of(String name, Call<?> call, Part part, List<Expression> arguments) {
        List<Expression> separate = new ArrayList<>(arguments);
        // Spark would take a Python function and this one, which reads what it gives, for one Python program.
        separate.replaceAll(argument -> argument instanceof PythonUDF
                ? new Coalesce(Sequences.seq(List.of(argument, Literal.create(null, argument.dataType()))))
                : argument);
        return new PythonUDF(
                name,
                new CallFunction(call, part),
                part.type(call.type()),
                Sequences.seq(separate),
                // Not the one of plain pandas functions: Spark would evaluate those together with this one.
                PythonEvalType.SQL_SCALAR_PANDAS_ITER_UDF(),
                true,
                NamedExpression.newExprId());
    }

    /** What {@code udf} stands for, unless it is a Python function. */
    static Optional<CallFunction> function(PythonUDF udf) {
        return udf.func() instanceof CallFunction function ? Optional.of(function) : Optional.empty();
    }

    /** The call's inputs. */
    static List<Expression> inputs(PythonUDF marker) {
        int inputs = function(marker).orElseThrow().call().inputs();
        return Sequences.list(marker.children()).subList(0, inputs);
    }
}
