package dev.cloze.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.PythonUDF;
import org.apache.spark.sql.catalyst.plans.logical.ArrowEvalPython;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Plans calls where Spark would start Python; Python functions beside them are left to Spark. */
final class ScoringStrategy extends SparkStrategy {
    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        if (!(plan instanceof ArrowEvalPython evaluation)) {
            return Sequences.seq(List.of());
        }
        List<Evaluated> all = evaluated(evaluation);
        List<Evaluated> ours = all.stream().filter(Evaluated::isCall).toList();
        if (ours.isEmpty()) {
            return Sequences.seq(List.of());
        }
        Optional<LogicalPlan> reusing = ScoredBefore.rewrite(evaluation);
        if (reusing.isPresent()) {
            return Sequences.seq(List.of(planLater(reusing.get())));
        }
        List<Evaluated> others = all.stream().filter(one -> !one.isCall()).toList();
        SparkPlan planned = planLater(others.isEmpty() ? evaluation.child() : without(evaluation, others));
        for (Evaluated one : ours) {
            Call<?> call = Markers.call(one.udf).orElseThrow();
            planned = new ScoringExec(call, Sequences.seq(Markers.arguments(one.udf)), one.result, planned);
        }
        boolean inOrder = others.isEmpty();
        return Sequences.seq(List.of(
                inOrder ? planned : new ProjectExec(Sequences.seq(Sequences.list(evaluation.output())), planned)));
    }

    private static LogicalPlan without(ArrowEvalPython evaluation, List<Evaluated> others) {
        return new ArrowEvalPython(
                Sequences.seq(others.stream().map(Evaluated::udf).toList()),
                Sequences.seq(others.stream().map(Evaluated::result).toList()),
                evaluation.child(),
                evaluation.evalType());
    }

    static List<Evaluated> evaluated(ArrowEvalPython evaluation) {
        List<PythonUDF> udfs = Sequences.list(evaluation.udfs());
        List<Attribute> results = Sequences.list(evaluation.resultAttrs());
        List<Evaluated> all = new ArrayList<>();
        for (int i = 0; i < udfs.size(); i++) {
            all.add(new Evaluated(udfs.get(i), results.get(i)));
        }
        return all;
    }

    /** A function and the column that it makes. */
    record Evaluated(PythonUDF udf, Attribute result) {
        boolean isCall() {
            return Markers.call(udf).isPresent();
        }
    }
}
