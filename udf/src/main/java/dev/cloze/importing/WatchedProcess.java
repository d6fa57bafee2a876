package dev.cloze.importing;

import dev.cloze.importing.WorkerMessage.Failure;
import dev.cloze.importing.WorkerMessage.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A process with a {@link ModelWorker}, its output, and the limits it is held to. */
final class WatchedProcess {
    /** What the worker and its libraries need to know of this machine; no secrets of this process. */
    private static final Set<String> INHERITED = Set.of(
            "HOME",
            "PATH",
            "LANG",
            "LC_ALL",
            "LD_LIBRARY_PATH",
            "DJL_CACHE_DIR",
            "ENGINE_CACHE_DIR",
            "DJL_OFFLINE",
            "OPT_OUT_TRACKING",
            "RUST_FLAVOR",
            "RUST_LIBRARY_PATH",
            "SystemRoot",
            "USERPROFILE");

    private static final long TICK_MILLIS = 50;
    private static final int LONGEST_LINE = 1 << 16;

    /** Why a process ended. */
    enum End {
        BY_ITSELF,
        TIME,
        MEMORY
    }

    private final Process process;
    private volatile End end = End.BY_ITSELF;
    private volatile Stage stage;
    private volatile Failure failure;
    private volatile String lastLine = "it ended at once";

    private WatchedProcess(Process process) {
        this.process = process;
    }

    static WatchedProcess start(List<String> command, Path directory) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(INHERITED);
        return new WatchedProcess(builder.start());
    }

    /** Returns when the process has ended, which is made sure of. */
    void follow(Duration time, long memory) throws IOException {
        Thread watch = new Thread(() -> watch(System.nanoTime() + time.toNanos(), memory), "cloze-model-watch");
        watch.setDaemon(true);
        watch.start();
        try (Reader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            read(lines);
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("it was interrupted", e);
        } finally {
            process.destroyForcibly();
            process.getOutputStream().close();
        }
    }

    /** A worker that closed its output is not done yet; it is watched until it has ended. */
    private void watch(long deadline, long memory) {
        try {
            while (process.isAlive()) {
                if (System.nanoTime() - deadline > 0) {
                    stop(End.TIME);
                } else if (memory() > memory) {
                    stop(End.MEMORY);
                }
                Thread.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(End reason) {
        if (end == End.BY_ITSELF) {
            end = reason;
        }
        process.destroyForcibly();
    }

    /** Bytes of memory that belong to the process alone, where the system tells. */
    private long memory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line ->
                            line.startsWith("RssAnon:") || line.startsWith("RssShmem:") || line.startsWith("VmSwap:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .sum();
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /** Whatever a native library writes, only so much of a line is kept. */
    private void read(Reader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                understand(line.toString());
                line.setLength(0);
            } else if (line.length() < LONGEST_LINE) {
                line.append((char) c);
            }
        }
        understand(line.toString());
    }

    private void understand(String line) {
        Optional<WorkerMessage> message = WorkerMessage.read(line);
        if (message.isEmpty()) {
            lastLine = line.isBlank() ? lastLine : line;
            return;
        }
        stage = message.get().stage() == null ? stage : message.get().stage();
        failure = message.get().failure() == null ? failure : message.get().failure();
    }

    int exitCode() {
        return process.exitValue();
    }

    End end() {
        return end;
    }

    /** What the worker did last; absent when it never began. */
    Optional<Stage> stage() {
        return Optional.ofNullable(stage);
    }

    /** What the worker said of the model, when it refused it. */
    Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /** The last line that was no message. */
    String lastLine() {
        return lastLine;
    }
}
