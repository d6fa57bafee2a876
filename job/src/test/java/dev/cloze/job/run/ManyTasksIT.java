package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand tasks in one executor: one open model, flat memory, no more and more threads. */
class ManyTasksIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final int TASKS = 1000;
    /** Before it the JVM compiles and loads; after it the last tasks end. */
    private static final double STEADY_FROM = 0.4;

    private static final double STEADY_TO = 0.95;
    /** Share of its memory by which the executor may grow over a thousand tasks. */
    private static final double GROWTH = 0.02;
    /** Spark's own pools come and go. */
    private static final int MORE_THREADS = 20;

    private static final Pattern MEMORY = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");

    @TempDir
    Path directory;

    /** What the executor was like when so many tasks were done. */
    private record Sample(int tasks, double kilobytes, int threads) {}

    @Test
    void memoryAndThreadsAreFlatAndOneModelIsOpen() throws Exception {
        Path input = new Corpora(directory).numbered("corpus.txt", 0, TASKS);
        Path output = directory.resolve("out");
        Path logs = HOME.resolve("job/target/spark/work");
        Process run = new ProcessBuilder(
                        HOME + "/bin/cloze",
                        "--master",
                        "local-cluster[1,2,1024]",
                        "--conf",
                        // The heap takes all it will ever have at once, and no compiler takes 20 MB at its work.
                        "spark.executor.extraJavaOptions=-Xms1g -XX:+AlwaysPreTouch " + Processes.SHORT_LIVED,
                        "fill-mask",
                        "--model",
                        Runner.tiny().directory().toAbsolutePath().toString(),
                        "--input",
                        input.toString(),
                        "--partitions",
                        "" + TASKS,
                        "--show",
                        "1",
                        "--output",
                        output.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(directory.resolve("err").toFile())
                .start();
        List<Sample> samples;
        long executor;
        try {
            executor = executor(run);
            samples = sample(run, executor, output);
            assertThat(run.waitFor(3, TimeUnit.MINUTES)).isTrue();
        } finally {
            run.destroyForcibly();
        }

        assertThat(run.exitValue())
                .as(Files.readString(directory.resolve("err")))
                .isZero();
        assertThat(chunks(output)).isGreaterThanOrEqualTo(TASKS - 5);
        assertThat(Files.readString(directory.resolve("err")))
                .containsPattern(
                        "(?m)^cloze: \\d+ of 1,000 rows, \\d+ rows/s, [\\d,]+ tokens/s, about \\d+ (s|min) left$");
        List<Sample> steady = samples.stream()
                .filter(sample -> sample.tasks > STEADY_FROM * TASKS && sample.tasks < STEADY_TO * TASKS)
                .toList();
        assertThat(steady).hasSizeGreaterThan(20);
        double kilobytes =
                steady.stream().mapToDouble(Sample::kilobytes).average().orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "executor after %d tasks: %.0f MB, %+.2f kB a task (leak %.2f), %d to %d threads%n",
                chunks(output),
                kilobytes / 1024,
                slope(steady, Sample::kilobytes),
                leak(steady),
                steady.stream().mapToInt(Sample::threads).min().orElseThrow(),
                steady.stream().mapToInt(Sample::threads).max().orElseThrow());
        assertThat(leak(steady) * TASKS).isLessThan(GROWTH * kilobytes);
        assertThat(slope(steady, Sample::threads) * TASKS).isLessThan(MORE_THREADS);
        assertThat(opened(logs, input)).isEqualTo(1);
    }

    private static long executor(Process run) throws InterruptedException {
        while (run.isAlive()) {
            for (ProcessHandle process : run.descendants().toList()) {
                if (process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend")) {
                    return process.pid();
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("The run ended before it had an executor");
    }

    private static List<Sample> sample(Process run, long executor, Path output) throws Exception {
        List<Sample> samples = new ArrayList<>();
        Path status = Path.of("/proc", Long.toString(executor), "status");
        while (run.isAlive() && Files.exists(status)) {
            String text = Files.readString(status);
            Matcher memory = MEMORY.matcher(text);
            Matcher threads = THREADS.matcher(text);
            if (memory.find() && threads.find()) {
                samples.add(new Sample(
                        chunks(output), Double.parseDouble(memory.group(1)), Integer.parseInt(threads.group(1))));
            }
            Thread.sleep(100);
        }
        return samples;
    }

    private static int chunks(Path output) throws IOException {
        if (!Files.isDirectory(output)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(output)) {
            return (int) files.filter(file -> file.getFileName().toString().startsWith("chunk-"))
                    .count();
        }
    }

    /** Memory in kB by which every task grows it: what a pool or a compiler takes once is not in both halves of the run. */
    private static double leak(List<Sample> samples) {
        int half = samples.size() / 2;
        return Math.min(
                slope(samples.subList(0, half), Sample::kilobytes),
                slope(samples.subList(half, samples.size()), Sample::kilobytes));
    }

    /** By how much a task raises it, by least squares. */
    private static double slope(List<Sample> samples, ToDoubleFunction<Sample> what) {
        double x = samples.stream().mapToDouble(Sample::tasks).average().orElseThrow();
        double y = samples.stream().mapToDouble(what).average().orElseThrow();
        double together = samples.stream()
                .mapToDouble(s -> (s.tasks - x) * (what.applyAsDouble(s) - y))
                .sum();
        double alone =
                samples.stream().mapToDouble(s -> (s.tasks - x) * (s.tasks - x)).sum();
        return together / alone;
    }

    /** Times that the executor of this run opened the model. */
    private static int opened(Path logs, Path input) throws IOException {
        int opened = 0;
        try (Stream<Path> files = Files.walk(logs)) {
            for (Path log : (Iterable<Path>) files.filter(file -> file.endsWith("stderr"))::iterator) {
                String text = Files.readString(log);
                if (text.contains(input.toString())
                        || text.contains(input.getParent().toString())) {
                    opened += text.split("Opened model ", -1).length - 1;
                }
            }
        }
        return opened;
    }
}
