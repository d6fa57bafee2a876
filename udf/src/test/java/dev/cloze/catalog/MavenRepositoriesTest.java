package dev.cloze.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.delivery.JarServer;
import dev.cloze.delivery.PackageResolver;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenRepositoriesTest {
    private static final MavenArtifact WEIGHTS = new MavenArtifact("org.example.models", "weights", "1.0");
    private static final byte[] JAR = "weights".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private JarServer server;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void serve() throws IOException {
        server = new JarServer();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aJarOfTheLocalRepositoryIsUsedWhereItLies() throws IOException {
        assertThat(repositories(Optional.empty()).find(WEIGHTS)).isEmpty();
        Path local = Files.createDirectories(directory.resolve("m2/org/example/models/weights/1.0"));
        Path jar = Files.write(local.resolve("weights-1.0.jar"), JAR);

        assertThat(repositories(Optional.empty()).find(WEIGHTS)).contains(jar);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void withoutMavenTheJarComesThroughSpark() throws IOException {
        server.with("org.example.models", "weights", "1.0", JAR);

        assertThat(fetch(Optional.empty())).hasBinaryContent(JAR);
        assertThat(said).isEmpty();
    }

    @Test
    void mavenIsNotAskedWhenSparkHasTheJar() throws IOException {
        server.with("org.example.models", "weights", "1.0", JAR);

        assertThat(fetch(mvn("exit 1"))).hasBinaryContent(JAR);
        assertThat(said).isEmpty();
    }

    @Test
    void mavenIsAskedWhereSparkCannotHaveTheJar() throws IOException {
        Optional<MavenCommand> mvn = mvn(
                "case $3,$4 in *:copy,-Dartifact=" + WEIGHTS + ") printf weights >\"${5#*=}/weights-1.0.jar\";; esac");

        assertThat(fetch(mvn)).hasBinaryContent(JAR);
        assertThat(said)
                .containsExactly("no repository that Spark asks has it and can be reached (" + server.address()
                        + "); asking Maven (mvn)");
    }

    @Test
    void aJarThatNobodyHasIsSaidInOneSentence() throws IOException {
        String repair =
                "; name a repository that can be reached with --conf spark.jars.repositories=URL, import the model"
                        + " on another machine and copy the cache, or give --model a directory";
        String cannot =
                "Cannot fetch the weights org.example.models:weights:1.0: no repository that Spark asks has it and"
                        + " can be reached (" + server.address() + ")";

        assertThatThrownBy(() -> fetch(Optional.empty()))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessage(cannot + repair);
        assertThatThrownBy(() ->
                        fetch(mvn("echo '[INFO] x'; echo '[ERROR] the mirror is down'; echo '[ERROR] y'; exit 1")))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessage(cannot + ", and Maven failed: the mirror is down" + repair);
    }

    private Path fetch(Optional<MavenCommand> maven) throws IOException {
        return repositories(maven).fetch(WEIGHTS, directory.resolve("fetched"), said::add);
    }

    private MavenRepositories repositories(Optional<MavenCommand> maven) throws IOException {
        return new MavenRepositories(directory.resolve("m2"), new PackageResolver(server.conf(directory)), maven);
    }

    /** A program in Maven's place. */
    private Optional<MavenCommand> mvn(String script) throws IOException {
        Path file = Files.writeString(directory.resolve("mvn"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Optional.of(new MavenCommand(file));
    }
}
