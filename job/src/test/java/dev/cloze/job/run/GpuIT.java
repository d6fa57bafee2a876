package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.cloze.catalog.Versions;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.SparkJvm;
import dev.cloze.onnx.OnnxJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ONNX Runtime for GPUs, as {@code -Pgpu} and {@code --packages} choose it, on a machine that has no CUDA. */
class GpuIT {
    private static final Path BUILD = Path.of("target").toAbsolutePath();
    private static final Path JAR = BUILD.resolve("gpu/onnxruntime_gpu-" + OnnxJar.version() + ".jar");

    @TempDir
    static Path directory;

    @BeforeAll
    static void fetch() throws Exception {
        assumeFalse(Files.exists(Path.of("/dev/nvidia0")), "here CUDA may be found");
        if (!Files.exists(JAR)) {
            Result maven = new Processes(directory)
                    .finish(new ProcessBuilder(
                            "mvn",
                            "--batch-mode",
                            "org.apache.maven.plugins:maven-dependency-plugin:" + Versions.of("dependency-plugin")
                                    + ":copy",
                            "-Dartifact=com.microsoft.onnxruntime:onnxruntime_gpu:" + OnnxJar.version(),
                            "-DoutputDirectory=" + JAR.getParent()));
            assertThat(maven.code()).as(maven.out()).isZero();
        }
    }

    @Test
    void itComputesOnTheCpuWhenThatIsAskedForOrThereIsNoGpu() throws Exception {
        for (String device : List.of("cpu", "auto")) {
            Result run = fillMask(device);

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out())
                    .isEqualTo(Runner.fillMask("--text", "paris is the [MASK]", "--json")
                            .out());
        }
    }

    @Test
    void aGpuWithoutCudaIsAFailureThatNamesTheMissingLibrary() throws Exception {
        Result cuda = fillMask("cuda");

        assertThat(cuda.code()).isEqualTo(6);
        assertThat(cuda.out()).isEmpty();
        assertThat(cuda.err())
                .isEqualTo("cloze: Cannot compute on cuda:0: the library libcublasLt.so.12 is not on this node; install"
                        + " CUDA 12 and cuDNN 9 there and name their directories in LD_LIBRARY_PATH, or compute on the CPU"
                        + " with --device cpu\n");

        Result tensorRt = fillMask("tensorrt:1");

        assertThat(tensorRt.code()).isEqualTo(6);
        assertThat(tensorRt.err())
                .isEqualTo(
                        "cloze: Cannot compute on tensorrt:1: the library libcublas.so.12 is not on this node; install"
                                + " TensorRT, CUDA 12 and cuDNN 9 there and name their directories in LD_LIBRARY_PATH, or compute"
                                + " on the CPU with --device cpu\n");
    }

    @Test
    void theGpuThatSparkGivesToATaskIsTheOneThatIsTaken() throws Exception {
        Path discovery = Files.writeString(
                directory.resolve("gpus.sh"), "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"3\"]}'\n");
        Files.setPosixFilePermissions(discovery, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> options = new ArrayList<>(List.of("--master", "local-cluster[1,1,1024]"));
        for (String option : List.of(
                "spark.worker.resource.gpu.amount=1",
                "spark.worker.resource.gpu.discoveryScript=" + discovery,
                "spark.executor.resource.gpu.amount=1",
                "spark.executor.resource.gpu.discoveryScript=" + discovery,
                "spark.task.resource.gpu.amount=1",
                "spark.executor.extraClassPath=" + JAR)) {
            options.addAll(List.of("--conf", option));
        }

        Result run = new Processes(directory).finish(SparkJvm.submit(JAR, options, arguments("auto")));

        assertThat(run.code()).as(run.err()).isEqualTo(6);
        assertThat(run.err())
                .contains("cloze: Cannot compute on cuda:3: the library libcublasLt.so.12 is not on this node");
    }

    private static Result fillMask(String device) throws Exception {
        return new Processes(directory).finish(SparkJvm.submit(JAR, arguments(device)));
    }

    private static List<String> arguments(String device) {
        return List.of(
                "fill-mask",
                "--model",
                Runner.tiny().directory().toAbsolutePath().toString(),
                "--text",
                "paris is the [MASK]",
                "--json",
                "--device",
                device);
    }
}
