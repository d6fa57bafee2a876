package dev.cloze.job.doctor;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.model.ModelSpec;
import dev.cloze.onnx.DeviceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Looks at the driver and at every executor, prints what it finds, and fails when something is broken.
 *
 * @param device that was asked for
 * @param model finds the model on the driver, and describes it as executors would receive it
 * @param patience how long to wait for executors
 */
public record Doctor(DeviceRequest device, Supplier<ModelSpec> model, Duration patience) {

    public void examine(SparkSession spark, Terminal terminal) {
        List<Examined> all = new ArrayList<>();
        Opened opened = new Opened();
        Finding onDriver = Finding.of(opened);
        Executors executors = new Executors(spark.sparkContext());
        if (executors.areThisJvm()) {
            all.addAll(examination(spark).examine(run(), 1, device, opened.spec));
            if (onDriver.isBroken()) {
                all.add(new Examined("driver", List.of(onDriver)));
            }
        } else {
            List<Finding> driver = new ArrayList<>(Checkup.ofDriver());
            driver.add(onDriver);
            all.add(new Examined("driver", driver));
            all.addAll(ofExecutors(spark, executors, opened.spec));
        }
        Diagnosis diagnosis = new Diagnosis(all);
        terminal.out().print(diagnosis.render(terminal));
        terminal.out().flush();
        diagnosis.requireHealth();
    }

    private List<Examined> ofExecutors(SparkSession spark, Executors executors, Optional<ModelSpec> spec) {
        try {
            int count = executors.await(patience);
            if (count == 0) {
                return List.of(new Examined(
                        "executors",
                        List.of(Finding.broken(
                                "executors",
                                "none came within " + patience.toSeconds() + " s",
                                "look at the cluster's page: are there workers with free cores and memory for"
                                        + " --executor-cores and --executor-memory? Wait longer with --wait"))));
            }
            List<Examined> examined = examination(spark).examine(run(), count, device, spec);
            if (examined.size() < count) {
                return with(examined, examined.size() + " of " + count + " could be looked at", "ask again");
            }
            return examined;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClozeException.resources("look at the executors", "it was interrupted", "ask again", e);
        } catch (Exception e) {
            // Scala does not declare it.
            if (e instanceof SparkException) {
                return with(
                        List.of(),
                        String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                        "look at the executors' logs: one ended, or could not run a task");
            }
            throw e;
        }
    }

    private static List<Examined> with(List<Examined> examined, String found, String repair) {
        List<Examined> all = new ArrayList<>(examined);
        all.add(new Examined("executors", List.of(Finding.broken("executors", found, repair))));
        return all;
    }

    private static ExecutorExamination examination(SparkSession spark) {
        return new ExecutorExamination(JavaSparkContext.fromSparkContext(spark.sparkContext()));
    }

    private static String run() {
        return UUID.randomUUID().toString();
    }

    /** The model as the driver sees it. */
    private final class Opened implements Check {
        private Optional<ModelSpec> spec = Optional.empty();

        @Override
        public String name() {
            return "model";
        }

        @Override
        public String look() {
            spec = Optional.of(model.get());
            return spec.get().location() + ", undamaged";
        }
    }
}
