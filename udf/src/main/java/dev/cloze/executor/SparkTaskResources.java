package dev.cloze.executor;

import dev.cloze.onnx.OnnxRuntime;
import dev.cloze.onnx.TaskResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** What Spark and the machine say of where a task runs. */
final class SparkTaskResources {
    /** Spark's name of the resource. */
    private static final String GPU = "gpu";
    /** Where the driver of NVIDIA puts a file for each GPU. */
    private static final Path DEVICES = Path.of("/dev");

    private SparkTaskResources() {}

    static TaskResources of(TaskContext task) {
        Optional<ResourceInformation> gpu =
                Optional.ofNullable(task.resourcesJMap().get(GPU));
        boolean local = SparkEnv.get().conf().get("spark.master", "").matches("local(\\[.*)?");
        return new TaskResources(
                gpu.map(resource -> resource.addresses()[0]),
                local,
                gpus(DEVICES),
                task.partitionId(),
                OnnxRuntime.providers());
    }

    /** Without a task: this process is all there is. */
    static TaskResources ofThisProcess() {
        return new TaskResources(Optional.empty(), true, gpus(DEVICES), 0, OnnxRuntime.providers());
    }

    /** GPUs of this machine, as its device files tell. */
    static int gpus(Path devices) {
        try (Stream<Path> files = Files.list(devices)) {
            return (int) files.filter(file -> file.getFileName().toString().matches("nvidia\\d+"))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }
}
