package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.bundle.Bundle;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Copies of exports, and changes that a stranger may make to them. */
public final class Exports {
    private Exports() {}

    /** A copy of the export {@code name} of the test resources, such as {@code exports/bert}. */
    public static Path copyOf(String name, Path target) throws IOException {
        try {
            return copy(Path.of(Exports.class.getResource("/dev/cloze/" + name).toURI()), target);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path copy(Path export, Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(export)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, target.resolve(file.getFileName().toString()));
            }
        }
        return target;
    }

    static void change(Path model, Consumer<OnnxMl.ModelProto.Builder> change) throws IOException {
        OnnxMl.ModelProto.Builder builder = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
        change.accept(builder);
        Files.write(model, builder.build().toByteArray());
    }

    static void changeTensors(Path model, Consumer<OnnxMl.TensorProto.Builder> change) throws IOException {
        change(
                model,
                builder -> builder.getGraphBuilder().getInitializerBuilderList().forEach(change));
    }

    /** Changes a JSON file of the export. */
    public static void changeJson(Path file, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        change.accept(json);
        Files.writeString(file, json.toString());
    }

    /** Says that the data of {@code tensor} is in {@code location}, wherever it was. */
    static void locate(OnnxMl.TensorProto.Builder tensor, String location) {
        if (tensor.getDataLocation() != OnnxMl.TensorProto.DataLocation.EXTERNAL) {
            tensor.clearRawData()
                    .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(OnnxMl.StringStringEntryProto.newBuilder().setKey("location"));
        }
        for (OnnxMl.StringStringEntryProto.Builder entry : tensor.getExternalDataBuilderList()) {
            if (entry.getKey().equals("location")) {
                entry.setValue(location);
            }
        }
    }

    /** A tensor of one float in another file. */
    static OnnxMl.TensorProto.Builder external(String name, String location) {
        return OnnxMl.TensorProto.newBuilder()
                .setName(name)
                .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
                .addDims(1)
                .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location));
    }

    static OnnxMl.StringStringEntryProto entry(String key, String value) {
        return OnnxMl.StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(value)
                .build();
    }

    static List<String> listing(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    static Path model(Path export) {
        return export.resolve(Bundle.MODEL);
    }
}
