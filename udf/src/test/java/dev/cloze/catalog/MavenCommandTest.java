package dev.cloze.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the Maven of this build. */
class MavenCommandTest {
    @TempDir
    Path parent;

    @Test
    void mavenDoesNotFollowTheDirectoriesAboveTheCache() throws IOException {
        // A Java that is given this does not start. An .mvn above could as well name an extension, which is code.
        Files.writeString(Files.createDirectory(parent.resolve(".mvn")).resolve("jvm.config"), "-XX:+NoSuchOption");

        Path jar = MavenCommand.onPath()
                .orElseThrow()
                .fetch(
                        new MavenArtifact("org.apiguardian", "apiguardian-api", "1.1.2"),
                        parent.resolve("cache/fetched"));

        assertThat(jar).isRegularFile();
    }
}
