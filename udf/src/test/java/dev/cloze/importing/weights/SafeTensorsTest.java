package dev.cloze.importing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The format's rules: https://github.com/huggingface/safetensors, "Format". */
class SafeTensorsTest {
    private static final String MATRIX = "{\"m\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}";
    private static final Subject SUBJECT = new Subject("import model x");

    @TempDir
    Path directory;

    @Test
    void tensorsAreReadByNameWithShapeAndValues() throws Exception {
        ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(new float[] {0, 1, 2, 3, 4, 5});
        Weights weights = open(file("{\"__metadata__\":{\"format\":\"pt\"}," + MATRIX.substring(1), data.array()));

        assertThat(weights.names()).containsExactly("m");
        Weights.Tensor tensor = weights.tensor("m");
        assertThat(tensor.shape()).containsExactly(2, 3);
        assertThat(floats(tensor)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(tensor.transposed().shape()).containsExactly(3, 2);
        assertThat(floats(tensor.transposed())).containsExactly(0, 3, 1, 4, 2, 5);
    }

    /** Published values of IEEE 754 and of the upper half of 32-bit floats. */
    @ParameterizedTest
    @CsvSource({
        "F16, 3c00, 1", "F16, c000, -2", "F16, 7bff, 65504", "F16, 0400, 6.103515625E-5",
                "F16, 0001, 5.9604644775390625E-8",
        "F16, 8000, -0.0", "F16, 7c00, Infinity", "F16, 3555, 0.333251953125", "BF16, 3f80, 1", "BF16, c0a0, -5",
        "BF16, 0000, 0", "F64, 3ff8000000000000, 1.5", "F64, 3fb999999999999a, 0.1"
    })
    void narrowAndWideNumbersBecomeTheNearestFloats(String type, String bits, float value) throws Exception {
        byte[] data = new byte[bits.length() / 2];
        for (int i = 0; i < data.length; i++) {
            data[data.length - 1 - i] = (byte) Integer.parseInt(bits.substring(2 * i, 2 * i + 2), 16);
        }
        String header = "{\"m\":{\"dtype\":\"" + type + "\",\"shape\":[1],\"data_offsets\":[0," + data.length + "]}}";

        assertThat(floats(open(file(header, data)).tensor("m"))).containsExactly(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|its header does not begin with {",
                "{\"m\":1|its header is not JSON",
                "{} {}|its header is not JSON",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},\"m\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}|its"
                        + " header is not JSON: \"Duplicate field 'm'\"",
                "{\"m\":{\"dtype\":\"F31\",\"shape\":[2,3],\"data_offsets\":[0,24]}}|is of the unknown type \"F31\"",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[2,4],\"data_offsets\":[0,24]}}|cannot lie at \"[0,24]\"",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,24]}}|cannot lie at",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[-2,-3],\"data_offsets\":[0,24]}}|the impossible shape or place"
                        + " \"[-2,-3]\"",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,24]}}|the impossible shape or place",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[1e30],\"data_offsets\":[0,24]}}|the impossible shape or place",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[24,0]}}|cannot lie at",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[7],\"data_offsets\":[0,28]}}|cannot lie at",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0]}}|cannot lie at",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":6,\"data_offsets\":[0,24]}}|has no shape or no place",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,20]}}|its last tensor ends at",
                "{\"m\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[4,24]}}|begins at byte",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[12,24]}}|its"
                        + " tensor \"b\" begins at byte",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[12,24]}}|its"
                        + " tensor \"b\" begins at byte",
            })
    void aHeaderThatBreaksARuleIsRefused(String header, String why) throws Exception {
        Path file = file(header, new byte[24]);

        assertThatThrownBy(() -> open(file))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageStartingWith("Cannot import model x: its model.safetensors is damaged: ")
                .hasMessageContaining(why)
                .hasMessageEndingWith("; download or save it again");
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "25000001", "1000000", "-1", "9223372036854775807"})
    void aHeaderOfAnImpossibleLengthIsRefusedBeforeAnythingIsAllocated(long length) throws Exception {
        byte[] bytes = new byte[100];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Path file = Files.write(directory.resolve("f"), bytes);

        assertThatThrownBy(() -> open(file)).hasMessageContaining("its header should have ");
    }

    @Test
    void aFileOfAFewBytesIsRefused() throws Exception {
        Path file = Files.write(directory.resolve("f"), new byte[7]);

        assertThatThrownBy(() -> open(file)).hasMessageContaining("it has 7 bytes, too few for a header");
    }

    @Test
    void wholeNumbersAreNoWeights() throws Exception {
        Weights weights =
                open(file("{\"ids\":{\"dtype\":\"I64\",\"shape\":[3],\"data_offsets\":[0,24]}}", new byte[24]));

        assertThatThrownBy(() -> weights.tensor("ids"))
                .hasMessage(
                        "Cannot import model x: its tensor \"ids\" is of type I64, weights are F32, F16, BF16 or F64;"
                                + " use a checkpoint that is not quantised");
    }

    @Test
    void anyChangeOfTheFileIsARefusalOrHarmless() throws Exception {
        byte[] sound = Files.readAllBytes(file(MATRIX, new byte[24]));
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = sound.clone();
            for (int c = random.nextInt(4); c >= 0; c--) {
                changed[random.nextInt(changed.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt() : "09[]{},:\"".charAt(random.nextInt(9)));
            }
            Path file = Files.write(directory.resolve("f"), changed);
            try {
                Weights weights = open(file);
                weights.names().forEach(weights::tensor);
            } catch (ClozeException e) {
                assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL);
            }
        }
    }

    private static float[] floats(Weights.Tensor tensor) {
        ByteBuffer data = tensor.inRows();
        float[] values = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(values);
        return values;
    }

    private static Weights open(Path file) {
        return SafeTensors.open(file, "model.safetensors", SUBJECT);
    }

    private Path file(String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(
                directory.resolve("model.safetensors"),
                bytes.putLong(text.length).put(text).put(data).array());
    }
}
