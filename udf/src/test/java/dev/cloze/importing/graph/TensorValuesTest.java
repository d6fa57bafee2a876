package dev.cloze.importing.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorValuesTest {
    @TempDir
    Path directory;

    @Test
    void weightsBesideAGraphAreRead() throws IOException {
        Files.write(directory.resolve("weights"), bytes(1, 2, 3));

        FloatBuffer values = TensorValues.floats(tensor("weights", 4), directory);

        assertThat(values.remaining()).isEqualTo(2);
        assertThat(values.get(0)).isEqualTo(2);
        assertThat(values.get(1)).isEqualTo(3);
    }

    @Test
    void aDirectoryMayBeNamedFromTheWorkingDirectory() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path target = Files.createDirectories(here.resolve("target"));
        Path weights = Files.createTempFile(target, "weights", "");
        try {
            Files.write(weights, bytes(5, 6));
            String name = weights.getFileName().toString();

            assertThat(TensorValues.floats(tensor(name, 0), Path.of("target")).get(1))
                    .isEqualTo(6);
            assertThat(TensorValues.place(tensor("pom.xml", 0), Path.of(".")).file())
                    .isEqualTo(here.resolve("pom.xml"));
        } finally {
            Files.delete(weights);
        }
    }

    /** A graph from elsewhere may name any file, which would be read, and written to when the model is adapted. */
    @ParameterizedTest
    @ValueSource(strings = {"../precious", "sub/../../precious", "sub/weights", "", ".", "..", "link"})
    void weightsElsewhereAreNotTouched(String location) throws IOException {
        Path model = Files.createDirectories(directory.resolve("model/sub")).getParent();
        Files.write(directory.resolve("precious"), bytes(1, 2, 3));
        Files.write(model.resolve("sub/weights"), bytes(1, 2, 3));
        Files.createSymbolicLink(model.resolve("link"), directory.resolve("precious"));

        assertThatThrownBy(() -> TensorValues.floats(tensor(location, 0), model))
                .isInstanceOf(ClozeException.class)
                .hasMessage(
                        "Cannot read the weights of the graph in " + model
                                + ": its tensor \"t\" has them in a file that is not beside it; import the model again from its export");
        assertThatThrownBy(() ->
                        TensorValues.place(tensor(directory.resolve("precious").toString(), 0), model))
                .hasMessageContaining("in a file that is not beside it");
    }

    private static byte[] bytes(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static OnnxMl.TensorProto tensor(String location, long offset) {
        OnnxMl.TensorProto.Builder tensor = OnnxMl.TensorProto.newBuilder()
                .setName("t")
                .setDataType(OnnxMl.TensorProto.DataType.FLOAT.getNumber())
                .addDims(2);
        ExternalData.locate(tensor, location, offset, 2 * Float.BYTES);
        return tensor.build();
    }
}
