package dev.cloze.importing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that TensorFlow wrote: {@code src/test/python/tiny_checkpoint.py}. */
class TensorFlowCheckpointTest {
    private static final String DATA = "variables.data-00000-of-00001";
    private static final String INDEX = "variables.index";

    @TempDir
    Path directory;

    @BeforeEach
    void copy() throws Exception {
        for (String file : List.of(DATA, INDEX)) {
            Files.copy(
                    Path.of(getClass()
                            .getResource("/dev/cloze/checkpoint/" + file)
                            .toURI()),
                    directory.resolve(file));
        }
    }

    @Test
    void tensorsAreReadByNameWithShapeAndValues() {
        Weights weights = TensorFlowCheckpoint.open(directory, "module/");

        assertThat(weights.names()).containsExactly("dense/bias", "dense/kernel", "step");
        Weights.Tensor kernel = weights.tensor("dense/kernel");
        assertThat(kernel.shape()).containsExactly(2, 3);
        float[] values = new float[6];
        kernel.data().asFloatBuffer().get(values);
        assertThat(values).containsExactly(0f, 0.25f, 0.5f, 0.75f, 1f, 1.25f);
    }

    @Test
    void aDamagedValueIsFoundByItsChecksum() throws Exception {
        flip(DATA, 2);

        assertThatThrownBy(() -> TensorFlowCheckpoint.open(directory, "module/").tensor("dense/bias"))
                .hasMessage("Cannot read TensorFlow checkpoint " + directory
                        + ": the checksum of tensor dense/bias is wrong; the file is damaged: fetch it again");
    }

    @Test
    void everyDamagedByteOfTheIndexIsFoundOrHarmless() throws Exception {
        int size = (int) Files.size(directory.resolve(INDEX));
        for (int i = 0; i < size; i++) {
            flip(INDEX, i);
            try {
                Weights weights = TensorFlowCheckpoint.open(directory, "module/");
                assertThat(weights.tensor("dense/kernel").shape()).containsExactly(2, 3);
            } catch (ClozeException e) {
                assertThat(e).hasMessageStartingWith("Cannot read TensorFlow checkpoint " + directory + ": ");
            }
            flip(INDEX, i);
        }
    }

    @Test
    void aMissingTensorIsNamed() {
        assertThatThrownBy(() -> TensorFlowCheckpoint.open(directory, "module/").tensor("cls/predictions/output_bias"))
                .hasMessageContaining("it has no tensor cls/predictions/output_bias");
    }

    private void flip(String file, int position) throws Exception {
        byte[] bytes = Files.readAllBytes(directory.resolve(file));
        bytes[position] ^= 0x10;
        Files.write(directory.resolve(file), bytes);
    }
}
