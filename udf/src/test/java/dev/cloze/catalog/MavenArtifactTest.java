package dev.cloze.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenArtifactTest {
    @TempDir
    Path parent;

    @Test
    void mavenDoesNotFollowTheDirectoriesAboveTheCache() throws IOException {
        // A Java that is given this does not start. An .mvn above could as well name an extension, which is code.
        Files.writeString(Files.createDirectory(parent.resolve(".mvn")).resolve("jvm.config"), "-XX:+NoSuchOption");

        Path jar = new MavenArtifact("org.apiguardian", "apiguardian-api", "1.1.2")
                .copyTo(parent.resolve("cache/fetched"), said -> {});

        assertThat(jar).isRegularFile();
    }
}
