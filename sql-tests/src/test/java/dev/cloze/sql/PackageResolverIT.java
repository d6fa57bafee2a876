package dev.cloze.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.delivery.JarServer;
import dev.cloze.delivery.PackageResolver;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark keeps its resolver to itself, so another version may have another one. */
class PackageResolverIT {
    @TempDir
    Path directory;

    @Test
    void theResolverOfThisSparkFetchesJars() throws IOException {
        try (JarServer server = new JarServer().with("org.example", "weights", "1.0", new byte[] {1, 2, 3})) {
            Path jar = new PackageResolver(server.conf(directory)).fetch("org.example:weights:1.0", directory);

            assertThat(jar).hasBinaryContent(new byte[] {1, 2, 3});
        }
    }
}
