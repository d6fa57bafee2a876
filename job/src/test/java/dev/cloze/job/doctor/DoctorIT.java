package dev.cloze.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.BinCloze;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.SparkJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cloze doctor} in environments that are really broken. */
class DoctorIT {

    @TempDir
    Path directory;

    @Test
    void executorsWithTwoOnnxRuntimesAndALoudTokenizer() throws Exception {
        Path copy = Files.copy(SparkJvm.onnxRuntime(), directory.resolve("another-onnxruntime.jar"));

        Result doctor = doctor(
                "--master",
                "local-cluster[2,1,1024]",
                "--conf",
                "spark.serializer=org.apache.spark.serializer.KryoSerializer",
                "--conf",
                "spark.executor.extraClassPath=" + copy,
                "--conf",
                "spark.executorEnv.RUST_FLAVOR=cu121");

        assertThat(doctor.code()).as(doctor.err()).isEqualTo(6);
        assertThat(doctor.out())
                .containsPattern("ONNX Runtime +driver +ok")
                .containsPattern(
                        "ONNX Runtime +2 executors +BROKEN +Cannot start ONNX Runtime: it is on the class path more")
                .contains("  repair: keep onnxruntime or onnxruntime_gpu, not both")
                .containsPattern("network +driver +ok")
                .containsPattern("network +2 executors +BROKEN")
                .contains("the environment variable RUST_FLAVOR=cu121 undoes Cloze's setting");
        assertThat(doctor.err()).contains("Cannot run a job here: ");
    }

    @Test
    void noOnnxRuntime() throws Exception {
        Path nothing = directory.resolve("nothing.jar");

        Result doctor = run(SparkJvm.submit(nothing, doctorArguments()));

        assertThat(doctor.code()).as(doctor.err()).isEqualTo(6);
        assertThat(doctor.out())
                .contains("Cannot start ONNX Runtime: it is not on the class path")
                .contains(
                        "  repair: add com.microsoft.onnxruntime:onnxruntime:1.28.0 (or onnxruntime_gpu) with --packages");
    }

    @Test
    void aTemporaryDirectoryThatMayNotExecute() throws Exception {
        Result doctor = inATemporaryDirectory("noexec");

        assertThat(doctor.code()).as(doctor.err()).isEqualTo(6);
        assertThat(doctor.out())
                .containsPattern("temporary directory +driver +BROKEN")
                .contains("files in it may not be executed (it is mounted noexec)")
                .contains("  repair: choose another with -Djava.io.tmpdir");
    }

    @Test
    void aTemporaryDirectoryThatIsFull() throws Exception {
        Result doctor = inATemporaryDirectory("size=8m");

        assertThat(doctor.code()).as(doctor.err()).isEqualTo(6);
        assertThat(doctor.out()).contains(" MB left, ONNX Runtime unpacks ");
    }

    private Result inATemporaryDirectory(String mountOptions) throws Exception {
        Path place = Files.createDirectory(directory.resolve("mounted"));
        String mount = "mount -t tmpfs -o " + mountOptions + " none " + place;
        assumeTrue(
                new ProcessBuilder("unshare", "-rm", "sh", "-c", mount).start().waitFor() == 0,
                "mount namespaces are not allowed here");
        ProcessBuilder doctor = new ProcessBuilder(
                "unshare", "-rm", "sh", "-c", mount + " && exec \"$@\"", "sh", BackgroundRun.HOME + "/bin/cloze");
        doctor.command().addAll(doctorArguments());
        doctor.environment()
                .putAll(Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-Djava.io.tmpdir=" + place,
                        "SPARK_LOCAL_DIRS",
                        Files.createDirectory(directory.resolve("spark")).toString()));
        return run(doctor);
    }

    @Test
    void aTokenizersCacheThatCannotBeWritten() throws Exception {
        ProcessBuilder doctor = BinCloze.command();
        doctor.command().addAll(doctorArguments());
        doctor.environment().put("DJL_CACHE_DIR", "/proc/nowhere");

        Result finished = run(doctor);

        assertThat(finished.code()).as(finished.err()).isEqualTo(6);
        assertThat(finished.out())
                .containsPattern("tokenizers +driver +BROKEN +Cannot load the native tokenizer: ")
                .contains(
                        "  repair: make /proc/nowhere/tokenizers writable, which DJL_CACHE_DIR or ENGINE_CACHE_DIR names");
    }

    @Test
    void aClusterThatGivesNoExecutors() throws Exception {
        Result doctor = doctor(
                "--master", "local-cluster[1,1,1024]", "--conf", "spark.executor.cores=2", "doctor", "--wait", "2");

        assertThat(doctor.code()).as(doctor.err()).isEqualTo(6);
        assertThat(doctor.out())
                .containsPattern("executors +executors +BROKEN +none came within 2 s")
                .contains("are there workers with free cores and memory");
    }

    @Test
    void executorsThatComeOnlyForTasksAreCalled() throws Exception {
        Result doctor = doctor(
                "--master",
                "local-cluster[1,1,1024]",
                "--conf",
                "spark.dynamicAllocation.enabled=true",
                "--conf",
                "spark.dynamicAllocation.shuffleTracking.enabled=true");

        assertThat(doctor.code()).as(doctor.err() + doctor.out()).isZero();
        assertThat(doctor.out()).containsPattern("model +executor 0 .* +ok ");
    }

    private Result doctor(String... spark) throws Exception {
        ProcessBuilder doctor = BinCloze.command();
        doctor.command().addAll(Arrays.asList(spark));
        List<String> arguments = new ArrayList<>(doctorArguments());
        if (List.of(spark).contains("doctor")) {
            arguments.remove("doctor");
        }
        doctor.command().addAll(arguments);
        return run(doctor);
    }

    private static List<String> doctorArguments() {
        return List.of(
                "doctor", "--model", Runner.tiny().directory().toAbsolutePath().toString());
    }

    private Result run(ProcessBuilder command) throws Exception {
        return new Processes(directory).finish(Processes.shortLived(command));
    }
}
