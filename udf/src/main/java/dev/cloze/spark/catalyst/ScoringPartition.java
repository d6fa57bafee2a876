package dev.cloze.spark.catalyst;

import dev.cloze.executor.ScoredRows;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Status;
import dev.cloze.spark.call.Call;
import dev.cloze.text.Document;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.types.DataType;
import scala.Function1;
import scala.collection.immutable.Seq;

/** {@link ScoringExec} on an executor: the rows of a partition, each with the call's result behind its own values. */
final class ScoringPartition<R> implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
    private static final long serialVersionUID = 1L;

    private final Call<R> call;
    private final Seq<Expression> arguments;
    private final Seq<Attribute> input;
    private final Seq<Attribute> output;
    private final SQLMetric scored;
    private final SQLMetric unscored;

    ScoringPartition(
            Call<R> call,
            Seq<Expression> arguments,
            Seq<Attribute> input,
            Seq<Attribute> output,
            SQLMetric scored,
            SQLMetric unscored) {
        this.call = call;
        this.arguments = arguments;
        this.input = input;
        this.output = output;
        this.scored = scored;
        this.unscored = unscored;
    }

    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Border border = new Border();
        Iterator<InternalRow> copies = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public InternalRow next() {
                // Spark uses the same object for its next row.
                return rows.next().copy();
            }
        };
        return new ScoredRows<>(copies, border::document, call.scorer(), border::row);
    }

    /** Between the rows of one partition and the engine. */
    private final class Border {
        private final List<DataType> types =
                Sequences.list(arguments).stream().map(Expression::dataType).toList();
        private final List<Function1<Object, Object>> converters = types.stream()
                .map(CatalystTypeConverters::createToScalaConverter)
                .toList();
        private final Function1<Object, Object> toSpark = CatalystTypeConverters.createToCatalystConverter(call.type());
        private final UnsafeProjection values = UnsafeProjection.create(arguments, input);
        private final UnsafeProjection all =
                UnsafeProjection.create(Sequences.<Expression>seq(Sequences.list(output)), output);

        Border() {
            values.initialize(TaskContext.getPartitionId());
        }

        Document document(InternalRow row) {
            // Here, not when its result goes out, which nobody may wait for.
            scored.add(1);
            InternalRow given = values.apply(row);
            Object[] found = new Object[types.size()];
            for (int i = 0; i < found.length; i++) {
                found[i] = converters.get(i).apply(given.get(i, types.get(i)));
            }
            return call.document(found);
        }

        List<InternalRow> row(InternalRow row, Outcome<R> outcome) {
            if (outcome.status() != Status.OK) {
                unscored.add(1);
            }
            InternalRow result = new GenericInternalRow(new Object[] {toSpark.apply(call.result(outcome))});
            return List.of(all.apply(new JoinedRow(row, result)));
        }
    }
}
