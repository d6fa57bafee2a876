package dev.cloze.spark.catalyst;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.ArrowEvalPython;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;

/**
 * Moves functions down to where their query is asked already. Spark evaluates a function of a WHERE clause below the filter, and
 * one of the SELECT list above it, once more.
 */
final class ScoredBefore {
    private ScoredBefore() {}

    /** {@code evaluation} without the functions whose query is asked below it; empty when there is none. */
    static Optional<LogicalPlan> rewrite(ArrowEvalPython evaluation) {
        LogicalPlan child = evaluation.child();
        List<Scored> left = new ArrayList<>();
        for (Scored one : Scored.in(evaluation)) {
            Optional<LogicalPlan> moved = one.isOurs() ? moveInto(child, one) : Optional.empty();
            if (moved.isPresent()) {
                child = moved.get();
            } else {
                left.add(one);
            }
        }
        if (left.size() == Scored.in(evaluation).size()) {
            return Optional.empty();
        }
        LogicalPlan rest = left.isEmpty() ? child : Scored.over(child, left, evaluation.evalType());
        List<NamedExpression> output = new ArrayList<>(Sequences.list(evaluation.output()));
        return Optional.of(new Project(Sequences.seq(output), rest));
    }

    /** {@code plan} with the column of {@code one} among its own, if it asks the same query somewhere. */
    private static Optional<LogicalPlan> moveInto(LogicalPlan plan, Scored one) {
        if (plan instanceof ArrowEvalPython evaluation) {
            List<Scored> all = new ArrayList<>(Scored.in(evaluation));
            if (all.stream().anyMatch(other -> other.query().equals(one.query()))) {
                all.add(one);
                return Optional.of(Scored.over(evaluation.child(), all, evaluation.evalType()));
            }
        }
        if (plan instanceof Project project) {
            List<NamedExpression> columns = new ArrayList<>(Sequences.list(project.projectList()));
            columns.add(one.column());
            return moveInto(project.child(), one).map(child -> new Project(Sequences.seq(columns), child));
        }
        if (plan instanceof Filter || plan instanceof ArrowEvalPython) {
            LogicalPlan child = ((UnaryNode) plan).child();
            return moveInto(child, one).map(moved -> plan.withNewChildren(Sequences.seq(List.of(moved))));
        }
        return Optional.empty();
    }
}
