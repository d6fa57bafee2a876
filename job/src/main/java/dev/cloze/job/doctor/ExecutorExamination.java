package dev.cloze.job.doctor;

import dev.cloze.model.ModelSpec;
import dev.cloze.onnx.DeviceRequest;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * Looks at every executor. Which executor a task runs on is Spark's choice, so there are rounds of tasks until all have been looked
 * at; each looks once.
 */
final class ExecutorExamination {
    private static final int ROUNDS = 20;
    /** So long a task of an executor that was looked at keeps its core, and the next task goes elsewhere. */
    private static final long PAUSE_MILLIS = 300;

    private static final Map<String, Examined> DONE = new ConcurrentHashMap<>();

    private final JavaSparkContext spark;

    ExecutorExamination(JavaSparkContext spark) {
        this.spark = spark;
    }

    /**
     * What was found, in the order of the executors' names.
     *
     * @param run tells this examination from others in the same executors
     * @param executors how many there are
     */
    List<Examined> examine(String run, int executors, DeviceRequest device, Optional<ModelSpec> model) {
        Map<String, Examined> all = new TreeMap<>();
        int tasks = Math.max(executors, spark.defaultParallelism());
        List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
        for (int round = 0; round < ROUNDS && all.size() < executors; round++) {
            spark.parallelize(numbers, tasks)
                    .map(new Look(run, device, model.orElse(null)))
                    .collect()
                    .forEach(examined -> all.put(examined.where(), examined));
        }
        return List.copyOf(all.values());
    }

    /** What a task does. */
    private static final class Look implements Function<Integer, Examined>, Serializable {
        private static final long serialVersionUID = 1L;

        private final String run;
        private final DeviceRequest device;
        private final ModelSpec model;

        Look(String run, DeviceRequest device, ModelSpec model) {
            this.run = run;
            this.device = device;
            this.model = model;
        }

        @Override
        public Examined call(Integer number) throws InterruptedException {
            if (DONE.containsKey(run)) {
                Thread.sleep(PAUSE_MILLIS);
            }
            return DONE.computeIfAbsent(
                    run, key -> new Examined(where(), Checkup.ofTask(device, Optional.ofNullable(model))));
        }

        private static String where() {
            SparkEnv env = SparkEnv.get();
            return env.executorId().equals("driver")
                    ? "driver"
                    : "executor " + env.executorId() + " ("
                            + env.blockManager().blockManagerId().host() + ")";
        }
    }
}
