package dev.cloze.executor;

import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.LocalModel;
import dev.cloze.model.ModelRegistry;
import dev.cloze.model.ModelSpec;
import dev.cloze.model.Network;
import dev.cloze.onnx.Device;
import dev.cloze.rows.ResultRows;
import dev.cloze.scoring.Meter;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.ScoringTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Scores a few rows in this process, without a session of Spark: what {@link PartitionScorer} does in a task, by the same {@link
 * Scorer}, with all cores of this machine behind each run of the model.
 *
 * @param model what scores
 * @param task what is asked of every document
 * @param results how answers become columns
 * @param tokenBudget tokens of a batch, padding included
 */
public record ProcessScorer<R>(ModelSpec model, ScoringTask<R> task, ResultRows<R> results, int tokenBudget) {

    /** The schema of what goes out, for rows that come in with {@code schema}. */
    public StructType schema(StructType schema) {
        return PartitionScorer.schema(schema, results);
    }

    /**
     * The rows that {@code rows} become, all of which are held in memory.
     *
     * @param rows with their schema
     * @param meter counts what it takes
     */
    public List<Row> score(List<Row> rows, Meter meter) {
        Leases leases = new Leases();
        try {
            List<Row> scored = new ArrayList<>();
            RowConversion.scored(
                            rows.stream().map(row -> new PartRow(0, row)).iterator(), scorer(leases, meter), results)
                    .forEachRemaining(row -> scored.add(row.row()));
            return scored;
        } finally {
            leases.giveBack();
        }
    }

    private Scorer<R> scorer(Leases leases, Meter meter) {
        ExecutorThreads.settleHere();
        Device device = model.device().choose(SparkTaskResources.ofThisProcess());
        Optional<Network> features = task.needsHiddenStates()
                ? Optional.of(
                        leases.take(model.withPurpose(Head.HIDDEN_STATES), device).network())
                : Optional.empty();
        return new Scorer<>(leases.take(model, device), features, task, tokenBudget).metered(meter);
    }

    /** Open models that this process holds. */
    private static final class Leases {
        private final Deque<ModelRegistry.Lease> taken = new ArrayDeque<>();

        LanguageModel take(ModelSpec spec, Device device) {
            LocalModel wanted = TaskModel.onThisNode(spec, device);
            ModelRegistry.Lease lease = ModelRegistry.shared().lease(wanted);
            taken.push(lease);
            return lease.model();
        }

        void giveBack() {
            taken.forEach(ModelRegistry.Lease::close);
        }
    }
}
