package dev.cloze.job.summary;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import dev.cloze.job.output.RunFigures;
import dev.cloze.job.terminal.RowPrinter;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * The figures of transformers' Trainer. Its {@code eval_loss} is a mean over examples: of each batch of {@code batchSize}
 * examples, in their order, the mean over its masked tokens, counted once for every example in it. So it depends on the size of
 * the batches; {@code cross_entropy}, the mean over all masked tokens, does not. A batch without a masked token, of which the
 * Trainer makes NaN, has no weight. An example that failed takes its place in a batch and has no masked tokens.
 *
 * @param method what the figures are
 * @param model digest of the model
 * @param batchSize examples of a batch: {@code per_device_eval_batch_size}
 */
public record TrainerSummary(String method, String model, int batchSize) implements Summary {
    @Override
    public void add(Dataset<Row> rows, String run, Optional<RunFigures> kept, RowPrinter printer) {
        Dataset<Row> examples = rows.filter(col("batch").geq(0));
        Row sums = examples.agg(count(lit(1)), sum("tokens"), sum("tokens_scored"), sum("nll"))
                .head();
        boolean isScored = sums.getLong(0) > 0 && sums.getLong(2) > 0;
        TrainerFigures figures = new TrainerFigures(
                sums.getLong(0),
                isScored
                        ? TrainerFigures.Loss.of(sums.getLong(1), sums.getLong(2), sums.getDouble(3), loss(examples))
                        : null);
        printer.printFigures("trainer", figures);
        kept.ifPresent(place -> place.writeSummary(new TrainerReport(method, model, batchSize, figures)));
    }

    private double loss(Dataset<Row> examples) {
        int size = batchSize;
        JavaPairRDD<Long, double[]> batches = examples.orderBy("batch", "example")
                .select("tokens_scored", "nll")
                .javaRDD()
                .zipWithIndex()
                .mapToPair(example -> new Tuple2<>(
                        example._2() / size,
                        new double[] {1, example._1().getInt(0), example._1().getDouble(1)}))
                .reduceByKey(TrainerSummary::plus);
        double[] weighted = batches.values()
                .filter(batch -> batch[1] > 0)
                .map(batch -> new double[] {batch[0], batch[0] * batch[2] / batch[1]})
                .reduce(TrainerSummary::plus);
        return weighted[1] / weighted[0];
    }

    private static double[] plus(double[] left, double[] right) {
        double[] sum = new double[left.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = left[i] + right[i];
        }
        return sum;
    }
}
