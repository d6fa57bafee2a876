package dev.cloze.spark.catalyst;

import dev.cloze.spark.call.Call;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.PythonUDF;
import org.apache.spark.sql.catalyst.plans.logical.ArrowEvalPython;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * A function in a plan, and the column that it makes.
 *
 * @param udf ours, or one of Python
 * @param column what Spark calls its value
 */
record Scored(PythonUDF udf, Attribute column) {

    static List<Scored> in(ArrowEvalPython evaluation) {
        List<PythonUDF> udfs = Sequences.list(evaluation.udfs());
        List<Attribute> columns = Sequences.list(evaluation.resultAttrs());
        return IntStream.range(0, udfs.size())
                .mapToObj(i -> new Scored(udfs.get(i), columns.get(i)))
                .toList();
    }

    /** An evaluation of {@code all} over {@code child}. */
    static LogicalPlan over(LogicalPlan child, List<Scored> all, int evalType) {
        return new ArrowEvalPython(
                Sequences.seq(all.stream().map(Scored::udf).toList()),
                Sequences.seq(all.stream().map(Scored::column).toList()),
                child,
                evalType);
    }

    Optional<CallFunction> function() {
        return Markers.function(udf);
    }

    boolean isOurs() {
        return function().isPresent();
    }

    /** What is asked of which texts: functions with equal queries share a result. */
    Optional<CallOnInputs> query() {
        return function()
                .map(function -> new CallOnInputs(
                        function.call(),
                        Markers.inputs(udf).stream()
                                .map(Expression::canonicalized)
                                .toList()));
    }

    /**
     * What is asked of which texts.
     *
     * @param call what
     * @param inputs of which, in Spark's canonical form
     */
    record CallOnInputs(Call<?> call, List<Expression> inputs) {}
}
