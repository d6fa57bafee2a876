package dev.cloze.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.SparkJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone master and two workers of one core each, processes from the Spark jars of the build, on loopback. The workers have
 * host names of their own, because Spark starts a second copy of a task on another host only.
 */
final class StandaloneCluster implements AutoCloseable {
    static final int SLOTS = 2;

    private static final Path SPARK_HOME = BackgroundRun.HOME.resolve("job/target/spark");
    private static final Pattern STARTED = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final Pattern REGISTERED = Pattern.compile("Registering worker ");
    private static final int POLL_MILLIS = 50;
    private static final int PATIENCE = 2400;

    private final Path directory;
    private final List<Process> processes = new ArrayList<>();
    private final Thread atExit = new Thread(this::stop);
    private String master = "";

    private StandaloneCluster(Path directory) {
        this.directory = directory;
    }

    /** @param directory for logs and the work of executors */
    static StandaloneCluster start(Path directory) throws Exception {
        StandaloneCluster cluster = new StandaloneCluster(directory);
        Runtime.getRuntime().addShutdownHook(cluster.atExit);
        try {
            cluster.launch("127.0.0.1", "org.apache.spark.deploy.master.Master");
            cluster.master = cluster.awaitInMasterLog(STARTED, 1).group(1);
            for (String host : List.of("127.0.0.2", "127.0.0.3")) {
                List<String> work =
                        List.of("--work-dir", directory.resolve("work-" + host).toString());
                List<String> size = List.of("--cores", "1", "--memory", "1g", cluster.master);
                cluster.launch(
                        host,
                        "org.apache.spark.deploy.worker.Worker",
                        Stream.concat(work.stream(), size.stream()).toArray(String[]::new));
            }
            cluster.awaitInMasterLog(REGISTERED, SLOTS);
            return cluster;
        } catch (Exception | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /** Its address, as {@code --master} takes it. */
    String master() {
        return master;
    }

    /** The executors that run now. */
    List<ProcessHandle> executors() {
        return processes.stream()
                .flatMap(Process::descendants)
                .filter(process -> commandLine(process).contains("CoarseGrainedExecutorBackend"))
                .toList();
    }

    /**
     * Waits until both executors have work; returns one that the other can do without, because the other has scored a chunk and so
     * has everything that executors fetch from each other.
     */
    ProcessHandle dispensableExecutor() throws Exception {
        for (int i = 0; i < PATIENCE; i++) {
            List<ProcessHandle> executors = executors();
            for (int other = 0; executors.size() == SLOTS && other < SLOTS; other++) {
                String log = log(executors.get(other));
                ProcessHandle one = executors.get(1 - other);
                int opened = log.indexOf("Opened model ");
                boolean scored = opened >= 0 && log.indexOf("Finished task", opened) >= 0;
                if (scored && log(one).contains("Running task")) {
                    return one;
                }
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new AssertionError("No executor scored a chunk while the other was at work");
    }

    private String log(ProcessHandle executor) throws IOException {
        String command = commandLine(executor);
        Path log = directory
                .resolve("work-" + option(command, "--hostname"))
                .resolve(option(command, "--app-id"))
                .resolve(option(command, "--executor-id"))
                .resolve("stderr");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private static String option(String command, String name) {
        String[] parts = command.split(" " + name + " ", 2);
        return parts.length == 2 ? parts[1].split(" ")[0] : "none";
    }

    /** The command that a process was started with; none when it has just ended. */
    private static String commandLine(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }

    private void launch(String host, String role, String... more) throws IOException {
        List<String> command = SparkJvm.command(role, "--host", host, "--port", "0", "--webui-port", "0");
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(host + ".log").toFile());
        builder.environment().put("SPARK_HOME", SPARK_HOME.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", host);
        builder.environment()
                .put("SPARK_LOCAL_DIRS", directory.resolve("local-" + host).toString());
        // Executors inherit it.
        processes.add(Processes.shortLived(builder).start());
    }

    /** Waits until the master has said so {@code times} times. */
    private Matcher awaitInMasterLog(Pattern said, int times) throws Exception {
        Path log = directory.resolve("127.0.0.1.log");
        for (int i = 0; i < PATIENCE; i++) {
            Matcher matcher = said.matcher(Files.readString(log));
            int found = 0;
            while (found < times && matcher.find()) {
                found++;
            }
            if (found == times) {
                return matcher;
            }
            assertThat(processes).as(log + " " + Files.readString(log)).allMatch(Process::isAlive);
            Thread.sleep(POLL_MILLIS);
        }
        throw new AssertionError("Not in time: " + said + " in " + Files.readString(log));
    }

    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    /** Executors and drivers go with those who would start them again. */
    private void stop() {
        List<ProcessHandle> all = processes.stream()
                .flatMap(process -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }
}
