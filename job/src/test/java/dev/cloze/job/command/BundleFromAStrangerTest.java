package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Sha256;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.spark.ClozeExtensions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bundle whose manifest lies: it is refused with a sentence, and nothing of it is written or run. */
class BundleFromAStrangerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] POISON = "poison".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private HttpServer server;
    private byte[] manifest;
    private String temporary;

    @BeforeEach
    void serve() throws IOException {
        // Spark's own files stay where they are.
        Runner.spark();
        temporary = System.getProperty("java.io.tmpdir");
        System.setProperty(
                "java.io.tmpdir",
                Files.createDirectories(directory.resolve("a/b/c/d/tmp")).toString());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            Path file = Runner.tiny().file(path.replaceFirst(".*/", ""));
            byte[] answer = path.endsWith("/cloze.json")
                    ? manifest
                    : Files.isRegularFile(file) ? Files.readAllBytes(file) : POISON;
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        System.setProperty("java.io.tmpdir", temporary);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../pwn.txt",
                "/ABSOLUTE/pwn.txt",
                "sub/../../../pwn.txt",
                "..\\pwn.txt",
                "C:pwn.txt",
                "pwn\u001b[2J.txt",
                ".pwn.txt",
                "CLOZE.JSON"
            })
    void aFileThatIsCalledLikeAPathIsRefusedBeforeAnythingIsWritten(String name) throws IOException {
        String called = name.replace("/ABSOLUTE", directory.toString());
        manifest = tinyWith(called);

        Result result = Runner.run("fill-mask", "--model", url(), "--text", "a [MASK]");

        assertThat(result.code()).as(result.err()).isEqualTo(5);
        assertThat(result.err())
                .startsWith("cloze: Cannot open model " + url()
                        + ": its cloze.json is not one of Cloze or is damaged: it" + " names a file ")
                .hasLineCount(1);
        assertThat(asked).as("nothing but the manifest").allMatch(path -> path.endsWith("/cloze.json"));
        assertThat(filesNamed("pwn")).isEmpty();
    }

    @Test
    void soItIsInSql() throws IOException {
        manifest = tinyWith("../../../../pwn.txt");
        SparkSession usual = Runner.spark();
        usual.sparkContext().conf().set("spark.sql.extensions", ClozeExtensions.class.getName());
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        SparkSession spark = SparkSession.builder().getOrCreate();
        try {
            spark.sql("SET spark.cloze.model=" + url());

            assertThatThrownBy(() -> spark.sql("SELECT perplexity('a text')").collectAsList())
                    .hasMessageContaining("it names a file \"../../../../pwn.txt\"");
            assertThat(filesNamed("pwn")).isEmpty();
        } finally {
            usual.sparkContext().conf().remove("spark.sql.extensions");
            SparkSession.setActiveSession(usual);
            SparkSession.setDefaultSession(usual);
        }
    }

    @Test
    void aModelBehindAUrlThatIsWhatItSaysIsTaken() throws IOException {
        manifest = Files.readAllBytes(Runner.tiny().file(Bundle.MANIFEST));

        Result result = Runner.run("fill-mask", "--model", url(), "--text", "a [MASK]", "--json");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .isEqualTo(Runner.fillMask("--text", "a [MASK]", "--json").out());
    }

    @Test
    void aManifestThatIsTooLongIsNotRead() {
        manifest = " ".repeat((4 << 20) + 1).getBytes(StandardCharsets.UTF_8);

        Result result = Runner.run("fill-mask", "--model", url(), "--text", "a [MASK]");

        assertThat(result.code()).as(result.err()).isEqualTo(5);
        assertThat(result.err()).contains("it has more than 4194304 bytes").hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "position_limit,2",
        "position_limit,-1",
        "vocabulary_size,0",
        "vocabulary_size,2000000000",
        "kind,null",
        "mask_token,null",
        "mask_token,'\"[NONE]\"'",
        "pad_token,null",
        "pad_token,'\"[NONE]\"'",
        "name,null",
        "files,null",
        "files,{}",
        "format,7",
        "format,null"
    })
    void absurdValuesOfADirectoryAreSaidInOneSentence(String key, String value) throws IOException {
        Path bundle = copyOfTiny();
        ObjectNode json = tiny();
        json.set(key, JSON.readTree(value));
        JSON.writeValue(bundle.resolve(Bundle.MANIFEST).toFile(), json);

        for (String command : List.of("fill-mask", "perplexity", "embed")) {
            Result result = Runner.run(command, "--model", bundle.toString(), "--text", "a [MASK]");

            assertThat(result.code()).as(result.err()).isEqualTo(5);
            assertThat(result.err()).startsWith("cloze: Cannot open model ").hasLineCount(1);
        }
    }

    @Test
    void aFileThatTheManifestDoesNotCheckIsNotUsed() throws IOException {
        Path bundle = copyOfTiny();
        ObjectNode json = tiny();
        ((ObjectNode) json.get("files")).remove(Bundle.TOKENIZER);
        JSON.writeValue(bundle.resolve(Bundle.MANIFEST).toFile(), json);

        Result result = Runner.run("fill-mask", "--model", bundle.toString(), "--text", "a [MASK]");

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err()).contains("its files lack tokenizer.json");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/m/n/o/p/q";
    }

    private static ObjectNode tiny() throws IOException {
        return (ObjectNode) JSON.readTree(Runner.tiny().file(Bundle.MANIFEST).toFile());
    }

    /** The tiny model's manifest, with one more file. */
    private static byte[] tinyWith(String name) throws IOException {
        ObjectNode json = tiny();
        JsonNode entry = JSON.createObjectNode().put("bytes", POISON.length).put("sha256", Sha256.of(POISON));
        ((ObjectNode) json.get("files")).set(name, entry);
        return JSON.writeValueAsBytes(json);
    }

    private Path copyOfTiny() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        for (String file : Runner.tiny().manifest().files().keySet()) {
            Files.copy(Runner.tiny().file(file), copy.resolve(file));
        }
        return copy;
    }

    private List<Path> filesNamed(String part) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> path.getFileName().toString().contains(part))
                    .toList();
        }
    }
}
