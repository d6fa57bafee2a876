package dev.cloze.executor;

import dev.cloze.delivery.ModelFiles;
import dev.cloze.failure.ClozeException;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.LocalModel;
import dev.cloze.model.ModelRegistry;
import dev.cloze.model.ModelSpec;
import dev.cloze.model.Network;
import dev.cloze.onnx.Device;
import dev.cloze.onnx.DeviceRequest;
import dev.cloze.scoring.Meter;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.ScoringTask;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;

/** The executor's open model, lent to a Spark task. */
public final class TaskModel {
    private static final Map<Long, Device> DEVICES = new ConcurrentHashMap<>();

    private TaskModel() {}

    /** The model; it is given back when the task ends, however it ends. */
    static LanguageModel lease(ModelSpec spec) {
        TaskContext task = TaskContext.get();
        LocalModel wanted = onThisNode(spec, choose(spec.device()));
        ModelRegistry.Lease lease = ModelRegistry.shared().lease(wanted);
        DEVICES.put(task.taskAttemptId(), wanted.device());
        // Not at the end of the iterator: LIMIT, a failure or a kill may abandon it half way.
        task.<Void>addTaskCompletionListener(context -> {
            DEVICES.remove(context.taskAttemptId());
            lease.close();
            return null;
        });
        return lease.model().withCancellationCheck(TaskModel::requireNotCancelled);
    }

    /**
     * Scores with the model, which is given back when the running task ends.
     *
     * @param meter counts what it takes, beside the metrics of this executor
     */
    public static <R> Scorer<R> scorer(ModelSpec spec, ScoringTask<R> task, int tokenBudget, Meter meter) {
        Optional<Network> features = task.needsHiddenStates()
                ? Optional.of(lease(spec.withPurpose(Head.HIDDEN_STATES)).network())
                : Optional.empty();
        return new Scorer<>(lease(spec), features, task, tokenBudget).metered(metered(meter));
    }

    /** Counts for a run, and for this executor. */
    public static Meter metered(Meter run) {
        return run.and(ExecutorMetricsSource.meter());
    }

    /** Spark kills a task by a flag: one that does not look at it computes on for nobody. */
    private static void requireNotCancelled() {
        TaskContext.get().killTaskIfInterrupted();
    }

    /** The device for the running task. */
    public static Device choose(DeviceRequest request) {
        ExecutorThreads.settle();
        return request.choose(SparkTaskResources.of(TaskContext.get()));
    }

    /** The model as it lies on this node, where it is copied to when it has to be. */
    public static LocalModel onThisNode(ModelSpec spec, Device device) {
        return new LocalModel(ModelFiles.onThisNode(spec), spec.digest(), spec.head(), device);
    }

    /** Where the model computes that {@code task} leased; absent before it did. */
    public static Optional<Device> device(TaskContext task) {
        return Optional.ofNullable(DEVICES.get(task.taskAttemptId()));
    }

    /** The same results; without memory for them the task fails, and the user learns why. */
    static <T> Iterator<T> withinMemory(Iterator<T> results) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return withinMemory(results::hasNext);
            }

            @Override
            public T next() {
                return withinMemory(results::next);
            }
        };
    }

    private static <T> T withinMemory(Supplier<T> step) {
        try {
            return step.get();
        } catch (OutOfMemoryError e) {
            // Spark ends the JVM on this error; as a failure of the task it reaches the user.
            throw ClozeException.resources(
                    "score the corpus",
                    "there is not enough memory (" + e.getMessage() + ")",
                    "lower --batch-tokens, or give Spark more with --driver-memory or --executor-memory",
                    e);
        }
    }
}
