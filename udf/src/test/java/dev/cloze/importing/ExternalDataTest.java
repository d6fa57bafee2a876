package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.graph.ExternalData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A graph names files for its weights; a stranger's graph may name any file. */
class ExternalDataTest {
    private static final String DATA = "model.onnx_data";

    @TempDir
    Path root;

    private Path source;
    private Path target;

    @BeforeEach
    void copy() throws IOException {
        source = Exports.copyOf("exports/bert-external-data", root.resolve("home/downloads/model"));
        target = Files.createDirectories(root.resolve("home/cache/model"));
        Files.writeString(root.resolve("home/secret"), "four");
    }

    @Test
    void theLocationOfATensorThatLiesInTheGraphIsNotFollowed() throws Exception {
        Exports.changeTensors(Exports.model(source), tensor -> {
            if (!ExternalData.isExternal(tensor.build())) {
                tensor.addExternalData(Exports.entry("location", "../../secret"));
            }
        });
        List<String> before = Exports.listing(root.resolve("home/downloads"));

        Bundle bundle = HuggingFaceExport.write(source, "model", target);

        assertThat(bundle.manifest().files())
                .containsOnlyKeys(Bundle.CONFIG, Bundle.FEATURES, Bundle.MODEL, DATA, Bundle.SCORING, Bundle.TOKENIZER);
        assertThat(Exports.listing(root.resolve("home/downloads"))).isEqualTo(before);
        assertThat(Exports.listing(root.resolve("home/cache"))).hasSize(2 + 7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../secret",
                "a/../../../secret",
                "..",
                "./..",
                "/etc/passwd",
                "//etc/passwd",
                "C:/secret",
                "C:secret",
                "C:\\secret",
                "..\\..\\secret",
                "a\\b",
                "\\\\host\\share",
                "secret\u0000.bin",
                "se\ncret",
                "",
                "*/_ORT_MEM_ADDR_/*",
                "missing.bin",
                "tokenizer.json",
                "CONFIG.JSON",
                "./Cloze.json",
                "model.onnx",
                "scoring.onnx",
                "a/../features.onnx",
                "reading-texts.onnx"
            })
    void aLocationOtherThanAFileOfTheModelIsRefused(String location) throws Exception {
        Exports.change(Exports.model(source), model -> model.getGraphBuilder()
                .addInitializer(Exports.external("evil", location)));

        assertRefusedWithoutATrace();
    }

    static Stream<BiConsumer<OnnxMl.ModelProto.Builder, OnnxMl.TensorProto.Builder>> places() {
        return Stream.of(
                (model, tensor) -> model.getGraphBuilder().addInitializer(tensor),
                (model, tensor) -> model.getGraphBuilder()
                        .addSparseInitializer(
                                OnnxMl.SparseTensorProto.newBuilder().addDims(1).setValues(tensor)),
                (model, tensor) -> model.getGraphBuilder().addNode(constant(tensor)),
                (model, tensor) -> model.getGraphBuilder()
                        .addNode(node("If")
                                .addAttribute(OnnxMl.AttributeProto.newBuilder()
                                        .setName("then_branch")
                                        .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                                        .setG(OnnxMl.GraphProto.newBuilder().addInitializer(tensor)))),
                (model, tensor) -> model.getGraphBuilder()
                        .addNode(node("Loop")
                                .addAttribute(OnnxMl.AttributeProto.newBuilder()
                                        .setName("body")
                                        .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                                        .setG(OnnxMl.GraphProto.newBuilder().addNode(constant(tensor))))),
                (model, tensor) -> model.addFunctions(OnnxMl.FunctionProto.newBuilder()
                        .setName("f")
                        .setDomain("local")
                        .addNode(constant(tensor))),
                (model, tensor) -> model.addTrainingInfo(OnnxMl.TrainingInfoProto.newBuilder()
                        .setInitialization(OnnxMl.GraphProto.newBuilder().addInitializer(tensor))));
    }

    private static OnnxMl.NodeProto.Builder node(String operator) {
        return OnnxMl.NodeProto.newBuilder().setOpType(operator).addOutput("out_" + operator);
    }

    private static OnnxMl.NodeProto.Builder constant(OnnxMl.TensorProto.Builder tensor) {
        return node("Constant")
                .addAttribute(OnnxMl.AttributeProto.newBuilder()
                        .setName("value")
                        .setType(OnnxMl.AttributeProto.AttributeType.TENSOR)
                        .setT(tensor));
    }

    @ParameterizedTest
    @MethodSource("places")
    void aLocationIsCheckedWhereverItsTensorStands(
            BiConsumer<OnnxMl.ModelProto.Builder, OnnxMl.TensorProto.Builder> place) throws Exception {
        Exports.change(Exports.model(source), model -> place.accept(model, Exports.external("evil", "../../secret")));

        assertRefusedWithoutATrace()
                .hasMessageContaining("its tensor \"evil\" has its data in \"../../secret\", which leads out of the"
                        + " model's directory");
    }

    @Test
    void theConstantsOfSubGraphsAreCopied() throws Exception {
        Files.write(source.resolve("one.bin"), new byte[Float.BYTES]);
        Exports.change(Exports.model(source), model -> {
            OnnxMl.NodeProto.Builder loop = node("If").addInput("yes");
            for (String branch : List.of("then_branch", "else_branch")) {
                loop.addAttribute(OnnxMl.AttributeProto.newBuilder()
                        .setName(branch)
                        .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                        .setG(OnnxMl.GraphProto.newBuilder()
                                .setName(branch)
                                .addInitializer(Exports.external(branch + "_value", "one.bin"))
                                .addOutput(OnnxMl.ValueInfoProto.newBuilder().setName(branch + "_value"))));
            }
            model.getGraphBuilder()
                    .addInitializer(OnnxMl.TensorProto.newBuilder()
                            .setName("yes")
                            .setDataType(OnnxMl.TensorProto.DataType.BOOL_VALUE)
                            .addInt32Data(1))
                    .addNode(loop);
        });

        assertThat(HuggingFaceExport.write(source, "model", target).manifest().files())
                .containsKey("one.bin");
    }

    @Test
    void aLinkOutOfTheDirectoryIsRefused() throws Exception {
        Files.move(source.resolve(DATA), root.resolve("home/weights"));
        Files.createSymbolicLink(source.resolve(DATA), root.resolve("home/weights"));

        assertRefusedWithoutATrace().hasMessageContaining("is a link to a place outside the directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {Bundle.TOKENIZER, Bundle.CONFIG, Bundle.MODEL, "tokenizer_config.json"})
    void noFileOfTheModelIsReadThroughALinkOutOfTheDirectory(String name) throws Exception {
        Files.move(source.resolve(name), root.resolve("home/elsewhere"));
        Files.createSymbolicLink(source.resolve(name), Path.of("../../elsewhere"));

        assertRefusedWithoutATrace().hasMessageContaining("is a link to a place outside the directory");
    }

    @Test
    void aLinkInsideTheDirectoryIsFollowed() throws Exception {
        Files.createDirectory(source.resolve("large"));
        Files.move(source.resolve(DATA), source.resolve("large/weights"));
        Files.createSymbolicLink(source.resolve(DATA), Path.of("large/weights"));

        assertThat(HuggingFaceExport.write(source, "model", target).manifest().files())
                .containsKey(DATA);
    }

    @Test
    void theLinksOfAHubCacheAreFollowedWithinTheirModel() throws Exception {
        Path snapshot = hubCache(source, root.resolve("hub"));

        assertThat(HuggingFaceExport.write(snapshot, "model", target).manifest().files())
                .containsKey(DATA);
    }

    @Test
    void theLinksOfAHubCacheLeadToNoOtherModel() throws Exception {
        Path snapshot = hubCache(source, root.resolve("hub"));
        Path other = Files.createDirectories(root.resolve("hub/models--me--private/blobs"));
        Files.move(root.resolve("hub/models--org--name/blobs/" + DATA), other.resolve(DATA));
        Files.delete(snapshot.resolve(DATA));
        Files.createSymbolicLink(snapshot.resolve(DATA), Path.of("../../../models--me--private/blobs/" + DATA));
        source = snapshot;

        assertRefusedWithoutATrace().hasMessageContaining("is a link to a place outside the directory");
    }

    private static Path hubCache(Path export, Path hub) throws IOException {
        Path blobs = Files.createDirectories(hub.resolve("models--org--name/blobs"));
        Path snapshot = Files.createDirectories(hub.resolve("models--org--name/snapshots/0123"));
        try (Stream<Path> files = Files.list(export)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                Files.copy(file, blobs.resolve(name));
                Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", name));
            }
        }
        return snapshot;
    }

    @Test
    void aFileWithASecondNameIsRefused() throws Exception {
        Files.createLink(root.resolve("home/weights"), source.resolve(DATA));

        assertRefusedWithoutATrace().hasMessageContaining("has a second name (a hard link)");
    }

    @Test
    void aDirectoryIsNoWeights() throws Exception {
        Files.delete(source.resolve(DATA));
        Files.createDirectory(source.resolve(DATA));

        assertRefusedWithoutATrace().hasMessageContaining("\"model.onnx_data\" is not a file");
    }

    static Stream<List<String>> stretches() {
        return Stream.of(
                List.of("offset", "-4"),
                List.of("offset", "1e3"),
                List.of("offset", "9223372036854775807"),
                List.of("offset", "99999999999999999999"),
                List.of("offset", "100"),
                List.of("length", "8"),
                List.of("length", "-4"),
                List.of("length", "1"),
                List.of("location", "x.bin"),
                List.of("basepath", "/"),
                List.of("prepacked_0", "0;4;x"));
    }

    @ParameterizedTest
    @MethodSource("stretches")
    void aStretchThatIsNotInTheFileIsRefused(List<String> entry) throws Exception {
        Files.write(source.resolve("one.bin"), new byte[Float.BYTES]);
        Exports.change(Exports.model(source), model -> model.getGraphBuilder()
                .addInitializer(Exports.external("evil", "one.bin")
                        .addExternalData(Exports.entry(entry.get(0), entry.get(1)))));

        assertRefusedWithoutATrace().hasMessageContaining("its tensor \"evil\" ");
    }

    @Test
    void aTensorThatIsLargerThanItsFileIsRefused() throws Exception {
        Files.write(source.resolve("one.bin"), new byte[Float.BYTES]);
        Exports.change(Exports.model(source), model -> model.getGraphBuilder()
                .addInitializer(Exports.external("huge", "one.bin").clearDims().addDims(1L << 40)));

        assertRefusedWithoutATrace()
                .hasMessageContaining(
                        "its tensor \"huge\" has 4398046511104 bytes from byte 0 on of \"one.bin\", which has"
                                + " 4 bytes");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefusedWithoutATrace() throws IOException {
        List<String> before = Exports.listing(root.resolve("home/downloads"));
        List<String> secret = Files.readAllLines(root.resolve("home/secret"));
        AbstractThrowableAssert<?, ? extends Throwable> refused = assertThatThrownBy(
                        () -> HuggingFaceExport.write(source, "model", target))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageStartingWith("Cannot import model " + source + ": ");
        assertThat(Exports.listing(root.resolve("home/downloads"))).isEqualTo(before);
        assertThat(Files.readAllLines(root.resolve("home/secret"))).isEqualTo(secret);
        assertThat(Exports.listing(root.resolve("home/cache")))
                .allMatch(name -> name.matches("(model(/model.onnx)?)?"));
        return refused;
    }
}
