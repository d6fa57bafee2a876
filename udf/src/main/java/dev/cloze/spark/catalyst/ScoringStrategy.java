package dev.cloze.spark.catalyst;

import dev.cloze.spark.call.Call;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.ArrowEvalPython;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.types.Metadata;
import scala.Option;
import scala.collection.immutable.Seq;

/** Plans calls where Spark would start Python; Python functions beside them are left to Spark. */
final class ScoringStrategy extends SparkStrategy {
    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        if (!(plan instanceof ArrowEvalPython evaluation)
                || Scored.in(evaluation).stream().noneMatch(Scored::isOurs)) {
            return Sequences.seq(List.of());
        }
        Optional<LogicalPlan> sharing = ScoredBefore.rewrite(evaluation);
        SparkPlan planned = sharing.isPresent() ? planLater(sharing.get()) : plan(evaluation);
        return Sequences.seq(List.of(planned));
    }

    /** One operator for each query, then what each function gives of its result. */
    private SparkPlan plan(ArrowEvalPython evaluation) {
        List<Scored> all = Scored.in(evaluation);
        List<Scored> others = all.stream().filter(one -> !one.isOurs()).toList();
        SparkPlan planned = planLater(
                others.isEmpty() ? evaluation.child() : Scored.over(evaluation.child(), others, evaluation.evalType()));
        Map<Scored.CallOnInputs, Attribute> results = new LinkedHashMap<>();
        List<NamedExpression> output =
                new ArrayList<>(Sequences.list(evaluation.child().output()));
        for (Scored one : all) {
            Optional<Scored.CallOnInputs> query = one.query();
            if (query.isEmpty()) {
                output.add(one.column());
                continue;
            }
            Call<?> call = query.get().call();
            if (!results.containsKey(query.get())) {
                Attribute result = column(call);
                planned = new ScoringExec(call, Sequences.seq(Markers.inputs(one.udf())), result, planned);
                results.put(query.get(), result);
            }
            output.add(named(one, results.get(query.get())));
        }
        return new ProjectExec(Sequences.seq(output), planned);
    }

    private static Attribute column(Call<?> call) {
        return new AttributeReference(
                call.name(),
                call.type(),
                true,
                Metadata.empty(),
                NamedExpression.newExprId(),
                Sequences.seq(List.of()));
    }

    private static NamedExpression named(Scored one, Attribute result) {
        return new Alias(
                one.function().orElseThrow().part().of(result),
                one.column().name(),
                one.column().exprId(),
                Sequences.seq(List.of()),
                Option.empty(),
                Sequences.seq(List.of()));
    }
}
