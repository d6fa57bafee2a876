package dev.cloze.spark.catalyst;

import dev.cloze.spark.call.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/**
 * Scores the rows of its child in batches, and adds the result as a last column. Parts of it stand in the order of the constructor's
 * arguments: Spark copies plans that way.
 */
public final class ScoringExec extends SparkPlan {
    private static final long serialVersionUID = 1L;
    private static final List<String> NAMES = List.of("call", "arguments", "result", "child");
    static final String SCORED = "scored";
    static final String UNSCORED = "unscored";

    private final Call<?> call;
    private final Seq<Expression> arguments;
    private final Attribute result;
    private final SparkPlan child;
    private Map<String, SQLMetric> metrics;

    /** Public for Spark, which copies plans by reflection. */
    public ScoringExec(Call<?> call, Seq<Expression> arguments, Attribute result, SparkPlan child) {
        this.call = call;
        this.arguments = arguments;
        this.result = result;
        this.child = child;
    }

    @Override
    public RDD<InternalRow> doExecute() {
        ScoringPartition<?> partition = new ScoringPartition<>(
                call,
                arguments,
                child.output(),
                output(),
                metrics().apply(SCORED),
                metrics().apply(UNSCORED));
        return child.execute().toJavaRDD().mapPartitions(partition, true).rdd();
    }

    @Override
    public Seq<Attribute> output() {
        List<Attribute> all = new ArrayList<>(Sequences.list(child.output()));
        all.add(result);
        return Sequences.seq(all);
    }

    @Override
    public AttributeSet producedAttributes() {
        return AttributeSet.apply(result);
    }

    @Override
    public Partitioning outputPartitioning() {
        return child.outputPartitioning();
    }

    @Override
    public Seq<SortOrder> outputOrdering() {
        return child.outputOrdering();
    }

    @Override
    public synchronized Map<String, SQLMetric> metrics() {
        if (metrics == null) {
            metrics = Sequences.map(java.util.Map.of(
                    SCORED, SQLMetrics.createMetric(sparkContext(), "texts scored"),
                    UNSCORED, SQLMetrics.createMetric(sparkContext(), "texts without a result")));
        }
        return metrics;
    }

    @Override
    public String nodeName() {
        return "Score";
    }

    @Override
    public Seq<SparkPlan> children() {
        return Sequences.seq(List.of(child));
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
        return new ScoringExec(call, arguments, result, children.head());
    }

    private List<Object> parts() {
        return List.of(call, arguments, result, child);
    }

    @Override
    public int productArity() {
        return parts().size();
    }

    @Override
    public Object productElement(int index) {
        return parts().get(index);
    }

    @Override
    public String productElementName(int index) {
        return NAMES.get(index);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ScoringExec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScoringExec plan && parts().equals(plan.parts());
    }

    @Override
    public int hashCode() {
        return Objects.hash(call, arguments, result, child);
    }
}
