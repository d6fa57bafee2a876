package dev.cloze.catalog;

import dev.cloze.failure.ClozeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A jar that Maven finds in its local repository, or fetches as it is set up to. */
record MavenArtifact(String group, String artifact, String version) {
    private static final int TICK_SECONDS = 10;

    /** Copies the jar into {@code directory} and tells {@code progress} what Maven says. */
    Path copyTo(Path directory, Consumer<String> progress) {
        List<String> command = List.of(
                "mvn",
                "--batch-mode",
                "org.apache.maven.plugins:maven-dependency-plugin:" + Versions.of("dependency-plugin") + ":copy",
                "-Dartifact=" + this,
                "-DoutputDirectory=" + directory.toAbsolutePath());
        try {
            Files.createDirectories(directory);
            // Maven takes options and extensions from the nearest .mvn above: this one, and nobody else's.
            Files.createDirectories(directory.resolve(".mvn"));
            // Away from any project: its pom must play no part.
            Process maven = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            maven.getOutputStream().close();
            String last = followUntilDone(maven, progress);
            if (maven.waitFor() != 0) {
                throw unreachable("Maven failed: " + last, null);
            }
        } catch (IOException e) {
            throw unreachable(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("it was interrupted", e);
        }
        return directory.resolve(artifact + "-" + version + ".jar");
    }

    /** Maven says nothing while a large file comes in; somebody who waits wants to know that it still does. */
    private static String followUntilDone(Process maven, Consumer<String> progress) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        AtomicInteger ticks = new AtomicInteger();
        clock.scheduleAtFixedRate(
                () -> progress.accept("still fetching, " + ticks.incrementAndGet() * TICK_SECONDS + " s"),
                TICK_SECONDS,
                TICK_SECONDS,
                TimeUnit.SECONDS);
        try {
            return follow(maven, progress);
        } finally {
            clock.shutdownNow();
        }
    }

    /** Tells what is being downloaded; returns the first error line. */
    private static String follow(Process maven, Consumer<String> progress) {
        String error = "";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(maven.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains("Download")) {
                    progress.accept(line.replaceFirst("^\\[INFO] ", ""));
                } else if (line.startsWith("[ERROR]") && error.isEmpty()) {
                    error = line.replaceFirst("^\\[ERROR] ", "");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return error;
    }

    private ClozeException unreachable(String why, Exception cause) {
        return ClozeException.model(
                "fetch the weights " + this,
                why,
                "import the model where Maven (mvn) works and copy the cache, or give --model a directory",
                cause);
    }

    @Override
    public String toString() {
        return group + ":" + artifact + ":" + version;
    }
}
