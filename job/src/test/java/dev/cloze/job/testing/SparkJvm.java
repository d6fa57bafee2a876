package dev.cloze.job.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Java processes from the Spark jars of the build. */
public final class SparkJvm {
    private static final Path BUILD = Path.of("target").toAbsolutePath();

    private SparkJvm() {}

    /** A command that runs {@code mainClass} with what Spark needs opened: this JVM has it, too. */
    public static List<String> command(String mainClass, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-cp", classPath(), mainClass));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** That of {@code bin/cloze} and of Spark's own scripts. */
    private static String classPath() {
        Path spark = BUILD.resolve("spark");
        return spark.resolve("conf") + ":" + only(spark.resolve("jars"), "slf4j-api-*.jar") + ":"
                + spark.resolve("jars") + "/*";
    }

    private static Path only(Path directory, String glob) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            return files.iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jar of ONNX Runtime that the build chose. */
    public static Path onnxRuntime() {
        return only(BUILD.resolve("onnxruntime"), "*.jar");
    }

    /** A process that submits the built jar with that ONNX Runtime on one core of this machine. */
    public static ProcessBuilder submit(Path onnxRuntime, List<String> arguments) {
        return submit(onnxRuntime, List.of("--master", "local[1]"), arguments);
    }

    /** A process that submits the built jar with that ONNX Runtime and {@code options} of Spark. */
    public static ProcessBuilder submit(Path onnxRuntime, List<String> options, List<String> arguments) {
        List<String> command = command("org.apache.spark.deploy.SparkSubmit", "--conf", "spark.ui.enabled=false");
        command.addAll(options);
        command.addAll(List.of(
                "--class", "dev.cloze.job.Cloze", BUILD.resolve("cloze-job.jar").toString()));
        command.addAll(arguments);
        // On the class path of the JVM: Spark would copy a jar of --jars, and that of GPUs is large.
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, command.get(classPath) + ":" + onnxRuntime);
        command.add(
                1,
                "-Dlog4j2.configurationFile="
                        + Path.of("..", "conf", "log4j2.properties")
                                .toAbsolutePath()
                                .normalize()
                                .toUri());
        ProcessBuilder process = Processes.shortLived(new ProcessBuilder(command));
        process.environment().put("SPARK_HOME", BUILD.resolve("spark").toString());
        process.environment().put("SPARK_SCALA_VERSION", "2.13");
        process.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return process;
    }
}
