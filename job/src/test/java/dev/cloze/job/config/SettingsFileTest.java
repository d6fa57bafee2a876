package dev.cloze.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.cloze.failure.Problems;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings files may come from strangers: they read no other files, fetch nothing, and messages quote nothing of them. */
class SettingsFileTest {
    private static final String SECRET = "wJalrXUtnFEMI";

    @TempDir
    Path directory;

    @Test
    void aValueOfTheEnvironmentIsWrittenByItsName() throws Exception {
        List<WrittenSetting> settings = read("output = \"s3a://\"${BUCKET}/scores\ntop-k = 5\nkeep = [a, ${BUCKET}]");

        assertThat(settings)
                .filteredOn(setting -> setting.key().equals("output"))
                .singleElement()
                .satisfies(output -> {
                    assertThat(output.values()).containsExactly("s3a://" + SECRET + "/scores");
                    assertThat(output.written()).containsExactly("s3a://${BUCKET}/scores");
                });
        assertThat(settings)
                .filteredOn(setting -> setting.key().equals("keep"))
                .singleElement()
                .satisfies(keep -> assertThat(keep.written()).containsExactly("a", "${BUCKET}"));
        assertThat(settings)
                .filteredOn(setting -> setting.key().equals("top-k"))
                .singleElement()
                .satisfies(top -> assertThat(top.written()).isEqualTo(top.values()));
    }

    @Test
    void nothingIsFetched() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/x.conf";
            for (String include : List.of(
                    "include url(\"" + url + "\")",
                    "include \"" + url + "\"",
                    "include required(url(\"" + url + "\"))",
                    "include \"file:///etc/hostname\"",
                    "include url(\"file:///etc/hostname\")")) {
                assertThatThrownBy(() -> read(include))
                        .hasMessageStartingWith("Cannot read settings " + directory)
                        .hasMessageEndingWith("it includes a URL; put what it includes beside it, and name that by a"
                                + " relative path");
            }
        } finally {
            server.stop(0);
        }
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "include file(\"/etc/hostname\")",
                "include \"/etc/hostname\"",
                "include \"../outside.conf\"",
                "include file(\"sub/../../outside.conf\")",
                "include \"link.conf\"",
                "include \"linked/outside.conf\"",
                "include classpath(\"reference.conf\")",
                "include required(classpath(\"reference.conf\"))"
            })
    void noFileOutsideOfItsDirectoryIsIncluded(String include) throws Exception {
        Path inside = Files.createDirectory(directory.resolve("inside"));
        Path outside = Files.writeString(directory.resolve("outside.conf"), "top-k = 7");
        Files.createSymbolicLink(inside.resolve("link.conf"), outside);
        Files.createSymbolicLink(inside.resolve("linked"), directory);

        assertThatThrownBy(() -> read(inside.resolve("nightly.conf"), include))
                .hasMessageContaining(": it includes a ")
                .hasMessageContaining("; put what it includes beside it");
    }

    @Test
    void filesBesideASettingsFileAreIncluded() throws Exception {
        Files.createDirectory(directory.resolve("sub"));
        Files.writeString(directory.resolve("sub/common.conf"), "include \"more.conf\"\ntop-k = 7");
        Files.writeString(directory.resolve("sub/more.conf"), "show = 3");

        assertThat(read("include file(\"sub/common.conf\")\ntop-k = 8"))
                .extracting(WrittenSetting::key, setting -> setting.values().get(0))
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("top-k", "8"),
                        org.assertj.core.groups.Tuple.tuple("show", "3"));
    }

    @Test
    void aFileThatIncludesItselfIsRefused() throws Exception {
        Files.writeString(directory.resolve("b.conf"), "include \"nightly.conf\"");

        assertThatThrownBy(() -> read("include \"b.conf\""))
                .hasMessageContaining("it includes a file that includes it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password = \"" + SECRET,
                "password = " + SECRET + "`",
                "top-k = 5\n" + SECRET + " secret {",
                "{ \"" + SECRET + "\" }",
                "a = ${BUCKET} [1]",
                "a = \"" + SECRET + "\" { b = 1 }",
                "a = ${NOWHERE}" + SECRET
            })
    void nothingOfADamagedFileIsQuoted(String text) {
        assertThatThrownBy(() -> read(text))
                .hasMessageStartingWith("Cannot read settings ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
    }

    @Test
    void theLineAndTheNameOfAVariableAreSaid() {
        assertThatThrownBy(() -> read("top-k = 5\nshow = ${NOWHERE}"))
                .hasMessageEndingWith(
                        "line 2: ${NOWHERE} is neither a key of the file nor a variable of the environment; set"
                                + " it, or write ${?NAME} for a value that may be absent");
        assertThatThrownBy(() -> read("a = ${b}\nb = ${a}")).hasMessageContaining("refers to itself");
        assertThatThrownBy(() -> read("top-k = 5\n\nshow = `"))
                .hasMessageContaining(": line 3: it is not valid HOCON there; ");
    }

    @Test
    void valuesThatAreNestedWithoutEndAreRefused() {
        assertThatThrownBy(() -> read("a = " + "[".repeat(200_000))).hasMessageContaining("nested too deeply");
    }

    @Test
    void onlySmallFilesOfTextAreRead() throws Exception {
        Path file = directory.resolve("nightly.conf");
        Files.write(file, "show = \"Gr\u00f6\u00dfe\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> read(file)).hasMessageContaining("it is not text in UTF-8");

        Files.write(file, "#".repeat((1 << 20) + 1).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(file)).hasMessageContaining("it has more than 1 MB");

        assertThatThrownBy(() -> read(directory)).hasMessageContaining("it is a directory");
        assertThatThrownBy(() -> read(Path.of("/dev/zero"))).hasMessageContaining("it is not a regular file");
        assertThatThrownBy(() -> read(directory.resolve("none"))).hasMessageContaining("there is no such file");
    }

    private List<WrittenSetting> read(String text) throws IOException {
        return read(directory.resolve("nightly.conf"), text);
    }

    private static List<WrittenSetting> read(Path file, String text) throws IOException {
        return read(Files.writeString(file, text));
    }

    private static List<WrittenSetting> read(Path file) {
        return SettingsFile.read(
                Optional.of(file), List.of(), new Problems(), Map.of("BUCKET", SECRET, "HOME", "/home/me"));
    }
}
