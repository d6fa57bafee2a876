package dev.cloze.job.testing;

import dev.cloze.job.testing.Runner.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code bin/cloze} in a process of its own: the built jar, Spark's own SparkSubmit.
 *
 * @param directory where it may write what it says
 */
public record BinCloze(Path directory) {
    /** Two executors in JVMs of their own. */
    public static final String CLUSTER = "local-cluster[2,1,1024]";

    /** {@code bin/cloze spark command --model <tiny> args}. */
    public Result run(List<String> spark, String command, List<String> args) throws Exception {
        List<String> line = new ArrayList<>(spark);
        line.addAll(List.of(
                command, "--model", Runner.tiny().directory().toAbsolutePath().toString()));
        line.addAll(args);
        return new Processes(directory).finish(command(line.toArray(String[]::new)));
    }

    /** {@code bin/cloze args}. */
    public Result run(String... args) throws Exception {
        return new Processes(directory).finish(command(args));
    }

    public static ProcessBuilder command(String... args) {
        List<String> line = new ArrayList<>(List.of(BackgroundRun.HOME + "/bin/cloze"));
        line.addAll(Arrays.asList(args));
        return Processes.shortLived(new ProcessBuilder(line));
    }
}
