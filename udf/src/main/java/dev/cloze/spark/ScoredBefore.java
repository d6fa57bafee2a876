package dev.cloze.spark;

import dev.cloze.spark.ScoringStrategy.Evaluated;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.ArrowEvalPython;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;

/**
 * Carries up what was scored before. Spark evaluates a function of a WHERE clause below the filter, and the same function of the
 * SELECT list once more above it.
 */
final class ScoredBefore {
    private ScoredBefore() {}

    /** {@code evaluation} without the calls that were made below it already; empty when there is none. */
    static Optional<LogicalPlan> rewrite(ArrowEvalPython evaluation) {
        LogicalPlan child = evaluation.child();
        Map<Evaluated, Attribute> known = new LinkedHashMap<>();
        List<Evaluated> open = new ArrayList<>();
        for (Evaluated one : ScoringStrategy.evaluated(evaluation)) {
            Optional<Carried> carried = one.isCall() ? carry(child, one) : Optional.empty();
            if (carried.isPresent()) {
                child = carried.get().plan();
                known.put(one, carried.get().result());
            } else {
                open.add(one);
            }
        }
        if (known.isEmpty()) {
            return Optional.empty();
        }
        LogicalPlan left = open.isEmpty()
                ? child
                : new ArrowEvalPython(
                        Sequences.seq(open.stream().map(Evaluated::udf).toList()),
                        Sequences.seq(open.stream().map(Evaluated::result).toList()),
                        child,
                        evaluation.evalType());
        List<NamedExpression> output =
                new ArrayList<>(Sequences.list(evaluation.child().output()));
        for (Evaluated one : ScoringStrategy.evaluated(evaluation)) {
            output.add(
                    known.containsKey(one)
                            ? Markers.named(
                                    known.get(one),
                                    one.result().name(),
                                    one.result().exprId())
                            : one.result());
        }
        return Optional.of(new Project(Sequences.seq(output), left));
    }

    /** {@code plan} with the result of {@code wanted} among its columns, if it was computed in it. */
    private static Optional<Carried> carry(LogicalPlan plan, Evaluated wanted) {
        if (plan instanceof ArrowEvalPython evaluation) {
            Optional<Attribute> found = ScoringStrategy.evaluated(evaluation).stream()
                    .filter(one -> one.udf().canonicalized().equals(wanted.udf().canonicalized()))
                    .map(Evaluated::result)
                    .findFirst();
            if (found.isPresent()) {
                return Optional.of(new Carried(plan, found.get()));
            }
        }
        if (plan instanceof Project project) {
            return carry(project.child(), wanted).map(below -> below.through(project));
        }
        if (plan instanceof Filter || plan instanceof ArrowEvalPython) {
            LogicalPlan child = ((UnaryNode) plan).child();
            return carry(child, wanted).map(below -> new Carried(withChild(plan, below.plan()), below.result()));
        }
        return Optional.empty();
    }

    private static LogicalPlan withChild(LogicalPlan plan, LogicalPlan child) {
        return (LogicalPlan) plan.withNewChildren(Sequences.seq(List.of(child)));
    }

    /** A plan among whose columns is the result. */
    private record Carried(LogicalPlan plan, Attribute result) {
        Carried through(Project project) {
            List<NamedExpression> columns = new ArrayList<>(Sequences.list(project.projectList()));
            if (columns.stream().noneMatch(column -> column.exprId().equals(result.exprId()))) {
                columns.add(result);
            }
            return new Carried(new Project(Sequences.seq(columns), plan), result);
        }
    }
}
