package dev.cloze.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.failure.ClozeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A manifest that somebody else wrote. */
class ManifestFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHA256 = "0".repeat(64);

    @TempDir
    Path directory;

    static Stream<String> namesThatAreNoPlainNames() {
        return Stream.of(
                "../../../../pwn.txt",
                "..",
                ".",
                "",
                "/etc/passwd",
                "sub/file",
                "..\\..\\pwn.txt",
                "\\\\server\\share",
                "C:\\pwn.txt",
                "C:pwn.txt",
                "model.onnx:stream",
                ".bash_profile",
                " leading",
                "trailing.",
                "trailing ",
                "nul\u0000",
                "line\nbreak",
                "esc\u001b[2J",
                "turned\u202etxt",
                "c1\u009b",
                "caf\u00e9",
                "cloze.json",
                "Cloze.JSON",
                "a".repeat(201));
    }

    @ParameterizedTest
    @MethodSource("namesThatAreNoPlainNames")
    void aFileWhoseNameIsNoPlainNameIsRefused(String name) throws IOException {
        byte[] manifest = changed(json -> files(json).set(name, entry()));

        assertThatThrownBy(() -> ManifestFile.parse(manifest, "m"))
                .isInstanceOf(ClozeException.class)
                .hasMessageStartingWith(
                        "Cannot open model m: its cloze.json is not one of Cloze or is damaged: it names a"
                                + " file \"")
                // Only what can be shown anywhere.
                .satisfies(e -> assertThat(e.getMessage()).matches("[ -~…]*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.onnx_data", "decoder model (1).onnx.data", "onnx__MatMul_1234", "a+b=c@d,e;f~g"})
    void plainNamesAreTaken(String name) throws IOException {
        byte[] manifest = changed(json -> files(json).set(name, entry()));

        assertThat(ManifestFile.parse(manifest, "m").files()).containsKey(name);
    }

    @Test
    void namesThatDifferInCaseOnlyAreRefused() throws IOException {
        byte[] manifest = changed(json -> files(json).set("Model.onnx", entry()));

        assertThatThrownBy(() -> ManifestFile.parse(manifest, "m"))
                .hasMessageContaining("the name of file model.onnx differs from another one in case only");
    }

    static Stream<String> entriesThatAreAbsurd() {
        return Stream.of(
                "null",
                "7",
                "[]",
                "{}",
                "{\"bytes\": -1, \"sha256\": \"" + SHA256 + "\"}",
                "{\"bytes\": 9223372036854775807, \"sha256\": \"" + SHA256 + "\"}",
                "{\"bytes\": 1e400, \"sha256\": \"" + SHA256 + "\"}",
                "{\"bytes\": 1.5, \"sha256\": \"" + SHA256 + "\"}",
                "{\"bytes\": null, \"sha256\": \"" + SHA256 + "\"}",
                "{\"bytes\": \"1\", \"sha256\": \"" + SHA256 + "\"}",
                "{\"bytes\": 1, \"sha256\": null}",
                "{\"bytes\": 1, \"sha256\": \"abc\"}",
                "{\"bytes\": 1, \"sha256\": \"" + "G".repeat(64) + "\"}",
                "{\"bytes\": 1, \"sha256\": \"" + SHA256 + "\", \"url\": \"x\"}");
    }

    @ParameterizedTest
    @MethodSource("entriesThatAreAbsurd")
    void aFileOfAbsurdSizeOrDigestIsRefused(String entry) throws IOException {
        JsonNode value = JSON.readTree(entry);
        byte[] manifest = changed(json -> files(json).set("model.onnx", value));

        assertRefused(manifest);
    }

    @Test
    void filesWhoseSizesAddUpToMoreThanCanBeAreRefused() throws IOException {
        ObjectNode half = JSON.createObjectNode().put("bytes", (1L << 41) + 1).put("sha256", SHA256);
        byte[] manifest = changed(json -> {
            files(json).set("model.onnx", half);
            files(json).set("model.onnx_data", half);
        });

        assertThatThrownBy(() -> ManifestFile.parse(manifest, "m")).hasMessageContaining("its files have 4398046511");
    }

    @ParameterizedTest
    @CsvSource({
        "position_limit,2",
        "position_limit,0",
        "position_limit,-5",
        "position_limit,2147483647",
        "position_limit,2147483648",
        "position_limit,1.5",
        "position_limit,null",
        "vocabulary_size,0",
        "vocabulary_size,-1",
        "vocabulary_size,2147483647",
        "kind,null",
        "kind,0",
        "kind,'\"both\"'",
        "name,null",
        "name,'\"\"'",
        "name,'\"a\\u001b[2J\"'",
        "family,null",
        "family,'\"x\\u202ey\"'",
        "precision,null",
        "mask_token,null",
        "mask_token,'\"\"'",
        "pad_token,null",
        "format,null",
        "format,'\"2\"'",
        "clean_up,null",
        "files,null",
        "files,{}",
        "files,[]",
        "files,'\"model.onnx\"'"
    })
    void aValueThatCannotBeIsRefused(String key, String value) throws IOException {
        JsonNode parsed = JSON.readTree(value);

        assertRefused(changed(json -> json.set(key, parsed)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.onnx", "scoring.onnx", "tokenizer.json", "config.json"})
    void aFileThatIsReadMustBeAmongThoseThatAreChecked(String name) throws IOException {
        byte[] manifest = changed(json -> files(json).remove(name));

        assertThatThrownBy(() -> ManifestFile.parse(manifest, "m")).hasMessageContaining("its files lack " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "7", "\"x\"", "{", "{}", "{\"format\": 2}", "\u0000"})
    void whatIsNoManifestIsRefused(String text) {
        assertRefused(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() throws IOException {
        String sound = new String(changed(json -> {}), StandardCharsets.UTF_8);

        assertRefused(sound.replaceFirst("\\{", "{\"name\": \"other\",").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatFollowsTheManifestIsRefused() throws IOException {
        assertRefused(
                (new String(changed(json -> {}), StandardCharsets.UTF_8) + "{}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void manyFilesAreRefused() throws IOException {
        byte[] manifest = changed(json -> {
            for (int i = 0; i < 10_000; i++) {
                files(json).set("f" + i, entry());
            }
        });

        assertThatThrownBy(() -> ManifestFile.parse(manifest, "m")).hasMessageContaining("at most 10000 files");
    }

    @Test
    void aDeepManifestIsRefusedWithoutEndingTheThread() {
        assertRefused("{\"format\":".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aManifestWithoutEndIsReadUpToABound() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }
        };

        assertThatThrownBy(() -> ManifestFile.bytes(endless, "m"))
                .hasMessageContaining("it has more than 4194304 bytes");
    }

    @Test
    void aSoundManifestIsReadAsItWasWritten() throws IOException {
        Bundle bundle = Manifests.write(directory, "weights");

        assertThat(Bundle.open(directory)).isEqualTo(bundle);
        assertThat(ManifestFile.parse(ManifestFile.bytes(new ByteArrayInputStream(changed(json -> {})), "m"), "m"))
                .isEqualTo(bundle.manifest());
    }

    @Test
    void aBundleThatNobodyWouldReadIsNotMade() throws IOException {
        Manifest sound = Manifests.write(directory, "weights").manifest();
        java.nio.file.Files.writeString(directory.resolve("na\u00efve.data"), "x");

        assertThatThrownBy(() -> Bundle.seal(directory, sound.withFiles(Bundle.listing(directory))))
                .hasMessageStartingWith("Cannot make a bundle of model \"m\": in its cloze.json it names a file"
                        + " \"na\\u00efve.data\": ");
    }

    private static void assertRefused(byte[] manifest) {
        assertThatThrownBy(() -> ManifestFile.parse(manifest, "m"))
                .isInstanceOf(ClozeException.class)
                .hasMessageStartingWith("Cannot open model m: its cloze.json is not one of Cloze or is damaged: ")
                .hasMessageEndingWith("; get the bundle again from where it was made, or import the model again");
    }

    private byte[] changed(Consumer<ObjectNode> change) throws IOException {
        Manifests.write(directory, "weights");
        ObjectNode json =
                (ObjectNode) JSON.readTree(directory.resolve(Bundle.MANIFEST).toFile());
        change.accept(json);
        return JSON.writeValueAsBytes(json);
    }

    private static ObjectNode files(ObjectNode json) {
        return (ObjectNode) json.get("files");
    }

    private static ObjectNode entry() {
        return JSON.createObjectNode().put("bytes", 1).put("sha256", SHA256);
    }
}
