package dev.cloze.catalog;

import dev.cloze.delivery.PackageResolver;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Where the jars of built-in models are found.
 *
 * @param local Maven's repository on this machine
 * @param remote what Spark can reach
 * @param maven asked only when {@code remote} has failed: somebody behind a mirror may have told Maven of it, and not Spark
 */
record MavenRepositories(Path local, PackageResolver remote, Optional<MavenCommand> maven) {
    private static final int TICK_SECONDS = 10;

    static MavenRepositories ofThisMachine() {
        return new MavenRepositories(
                Path.of(System.getProperty("user.home"), ".m2", "repository"),
                PackageResolver.ofThisJvm(),
                MavenCommand.onPath());
    }

    /** The jar that somebody has fetched to this machine before. */
    Optional<Path> find(MavenArtifact artifact) {
        // Ivy would look on the network for a better one when Maven left no pom beside the jar.
        return Optional.of(artifact.in(local)).filter(Files::isRegularFile);
    }

    /** The jar, fetched to a place in {@code directory}. */
    Path fetch(MavenArtifact artifact, Path directory, Consumer<String> progress) {
        // Nobody says anything while a large file comes in; somebody who waits wants to know that it still does.
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        AtomicInteger ticks = new AtomicInteger();
        clock.scheduleAtFixedRate(
                () -> progress.accept("still fetching, " + ticks.incrementAndGet() * TICK_SECONDS + " s"),
                TICK_SECONDS,
                TICK_SECONDS,
                TimeUnit.SECONDS);
        try {
            return fetchFromAnywhere(artifact, directory, progress);
        } finally {
            clock.shutdownNow();
        }
    }

    private Path fetchFromAnywhere(MavenArtifact artifact, Path directory, Consumer<String> progress) {
        try {
            return remote.fetch(artifact.toString(), directory.resolve("ivy"));
        } catch (IOException e) {
            MavenCommand command = maven.orElseThrow(() -> unreachable(artifact, e.getMessage(), e));
            progress.accept(e.getMessage() + "; asking Maven (mvn)");
            return fetchWith(command, artifact, directory.resolve("maven"), e.getMessage());
        }
    }

    private static Path fetchWith(MavenCommand maven, MavenArtifact artifact, Path directory, String before) {
        try {
            return maven.fetch(artifact, directory);
        } catch (IOException e) {
            throw unreachable(artifact, before + ", and Maven failed: " + e.getMessage(), e);
        }
    }

    private static ClozeException unreachable(MavenArtifact artifact, String why, Exception cause) {
        return ClozeException.model(
                "fetch the weights " + artifact,
                why,
                "name a repository that can be reached with --conf spark.jars.repositories=URL, import the model on"
                        + " another machine and copy the cache, or give --model a directory",
                cause);
    }
}
