package dev.cloze.spark;

import dev.cloze.failure.ClozeException;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.ModelRegistry;
import dev.cloze.model.ModelSpec;
import java.util.Iterator;
import org.apache.spark.TaskContext;

/** The executor's open model, lent to a Spark task. */
final class TaskModel {
    private TaskModel() {}

    /** The model; it is given back when the task ends, however it ends. */
    static LanguageModel lease(ModelSpec spec) {
        ModelRegistry.Lease lease = ModelRegistry.shared().lease(spec);
        // Not at the end of the iterator: LIMIT, a failure or a kill may abandon it half way.
        TaskContext.get().<Void>addTaskCompletionListener(context -> {
            lease.close();
            return null;
        });
        return lease.model();
    }

    /** The same results; without memory for them the task fails, and the user learns why. */
    static <T> Iterator<T> withinMemory(Iterator<T> results) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return results.hasNext();
            }

            @Override
            public T next() {
                try {
                    return results.next();
                } catch (OutOfMemoryError e) {
                    // Spark ends the JVM on this error; as a failure of the task it reaches the user.
                    throw ClozeException.resources(
                            "score the corpus",
                            "there is not enough memory (" + e.getMessage() + ")",
                            "lower --batch-tokens, or give Spark more with --driver-memory or --executor-memory",
                            e);
                }
            }
        };
    }
}
