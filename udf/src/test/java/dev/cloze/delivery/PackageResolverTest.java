package dev.cloze.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageResolverTest {
    private static final String COORDINATES = "org.example.models:weights:1.0";
    private static final String PLACE = "/org/example/models/weights/1.0/weights-1.0";
    private static final byte[] JAR = "weights".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private JarServer server;
    private Path target;

    @BeforeEach
    void serve() throws IOException {
        server = new JarServer();
        target = directory.resolve("fetched");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theJarAloneIsFetchedAndNothingElseIsLeft() throws IOException {
        server.with("org.example.models", "weights", "1.0", JAR);

        Path jar = new PackageResolver(server.conf(directory)).fetch(COORDINATES, target);

        assertThat(jar).hasBinaryContent(JAR);
        assertThat(files(target)).containsExactly(jar);
        assertThat(server.asked()).contains(PLACE + ".jar").noneMatch(path -> path.contains("dependency"));
    }

    @Test
    void ivySaysNothing() throws IOException {
        server.with("org.example.models", "weights", "1.0", JAR);
        PackageResolver resolver = new PackageResolver(server.conf(directory));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true));
        System.setErr(new PrintStream(said, true));
        try {
            resolver.fetch(COORDINATES, target);
            assertThatThrownBy(() -> resolver.fetch("org.example:missing:1", target));
            System.out.print("heard again");
        } finally {
            System.setOut(out);
            System.setErr(err);
        }

        assertThat(said).hasToString("heard again");
    }

    @Test
    void furtherRepositoriesOfSparkAreAsked() throws IOException {
        try (JarServer further = new JarServer().with("org.example.models", "weights", "1.0", JAR)) {
            SparkConf conf = server.conf(directory).set("spark.jars.repositories", further.url());

            assertThat(new PackageResolver(conf).fetch(COORDINATES, target)).hasBinaryContent(JAR);
        }
        assertThat(server.asked()).contains(PLACE + ".pom");
    }

    @Test
    void whatIvyHasInSparksDirectoryIsFoundThereAndNothingIsWrittenThere() throws IOException {
        Path ivy = directory.resolve("ivy");
        Path module = Files.createDirectories(ivy.resolve("local/org.example.models/weights/1.0"));
        Files.write(Files.createDirectory(module.resolve("jars")).resolve("weights.jar"), JAR);
        Files.writeString(
                Files.createDirectory(module.resolve("ivys")).resolve("ivy.xml"),
                "<ivy-module version='2.0'><info organisation='org.example.models' module='weights' revision='1.0'/>"
                        + "<configurations><conf name='default'/></configurations>"
                        + "<publications><artifact name='weights' conf='default'/></publications></ivy-module>");
        SparkConf conf = new SparkConf(false).set("spark.jars.ivy", ivy.toString());
        List<Path> before = files(ivy);

        assertThat(new PackageResolver(conf).fetch(COORDINATES, target)).hasBinaryContent(JAR);

        assertThat(files(ivy)).isEqualTo(before);
    }

    @Test
    void aJarThatCannotBeHadIsSaidWithTheHostsThatWereAskedAndNoPassword() throws IOException {
        try (JarServer further = new JarServer()) {
            SparkConf conf = server.conf(directory)
                    .set("spark.jars.repositories", further.url().replace("//", "//me:secret@"));

            assertThatThrownBy(() -> new PackageResolver(conf).fetch(COORDINATES, target))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("no repository that Spark asks has it and can be reached (127.0.0.1:")
                    .hasMessageContaining(server.address())
                    .hasMessageContaining(further.address())
                    .message()
                    .doesNotContain("secret", "\n");
        }
    }

    @Test
    void aDamagedDownloadIsRefused() throws IOException {
        server.with("org.example.models", "weights", "1.0", JAR)
                .with(PLACE + ".jar.sha1", "0".repeat(40).getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> new PackageResolver(server.conf(directory)).fetch(COORDINATES, target))
                .hasMessage("its download broke off or is damaged (" + server.address() + ")");
    }

    @Test
    void aPageInPlaceOfAFileIsNoRiddle() throws IOException {
        byte[] page = "<html><body>Log in</body></html>".getBytes(StandardCharsets.UTF_8);
        server.with(PLACE + ".pom", page).with(PLACE + ".pom.sha1", page);

        assertThatThrownBy(() -> new PackageResolver(server.conf(directory)).fetch(COORDINATES, target))
                .hasMessage("no repository that Spark asks has it and can be reached (" + server.address() + ")");
    }

    @Test
    void settingsOfIvyThatAreNotThereAreSaid() {
        SparkConf conf = new SparkConf(false).set("spark.jars.ivySettings", directory + "/none.xml");

        assertThatThrownBy(() -> new PackageResolver(conf).fetch(COORDINATES, target))
                .hasMessage("spark.jars.ivySettings is " + directory + "/none.xml, and Spark says: Ivy settings file "
                        + directory + "/none.xml does not exist");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
