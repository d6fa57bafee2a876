package dev.cloze.importing.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.importing.source.Subject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tensors whose values are stored in other types and orders than they are asked for, some larger than the parts in which they are given out. */
class WeightsTest {
    private static final int ROWS = 40;
    private static final int COLUMNS = 40_000;
    /** 1.5 as a number of 16 bits whose upper half is that of a 32-bit float. */
    private static final short BF16_OF_1_5 = 0x3fc0;

    @Test
    void aTurnedMatrixOfSeveralPartsHasItsValuesRowAfterRow() {
        Weights.Tensor turned = floats(i -> i).transposed();
        List<ByteBuffer> parts = turned.parts().toList();
        ByteBuffer rows = turned.inRows();

        assertThat(parts).hasSizeGreaterThan(1);
        assertThat(parts.stream().mapToInt(ByteBuffer::remaining).sum()).isEqualTo(rows.remaining());
        assertThat(IntStream.range(0, ROWS * COLUMNS)
                        .allMatch(i -> rows.getFloat(i * Float.BYTES) == i % ROWS * COLUMNS + i / ROWS))
                .isTrue();
    }

    @Test
    void narrowNumbersAreWidenedPartAfterPart() {
        Weights.Tensor halves = halves();

        assertThat(halves.data().remaining()).isEqualTo(ROWS * COLUMNS * Short.BYTES);
        assertThat(halves.parts().mapToInt(ByteBuffer::remaining).sum()).isEqualTo(ROWS * COLUMNS * Float.BYTES);
        assertThat(halves.parts().allMatch(part -> part.getFloat(part.limit() - Float.BYTES) == 1.5f))
                .isTrue();
    }

    @Test
    void valuesAreTheSameWhateverTheirTypeAndOrder() {
        Weights.Tensor matrix = floats(i -> i);

        assertThat(matrix.hasValuesOf(floats(i -> i))).isTrue();
        assertThat(matrix.hasValuesOf(floats(i -> i == ROWS * COLUMNS - 1 ? 0 : i)))
                .isFalse();
        assertThat(matrix.hasValuesOf(matrix.transposed())).isFalse();
        assertThat(halves().hasValuesOf(floats(i -> 1.5f))).isTrue();
        assertThat(halves().hasValuesOf(floats(i -> i == 7 ? 1 : 1.5f))).isFalse();
        Weights.Tensor turned = new Weights.Tensor(
                new long[] {COLUMNS, ROWS}, matrix.transposed().inRows());
        assertThat(matrix.transposed().hasValuesOf(turned)).isTrue();
        assertThat(matrix.hasValuesOf(turned.transposed())).isTrue();
    }

    @Test
    void namesOfOneStorageAreKnownToBeOne() throws Exception {
        Path file = Path.of(getClass()
                .getResource("/dev/cloze/checkpoints/bert-bin/pytorch_model.bin")
                .toURI());
        Weights torch = TorchFile.open(file, "pytorch_model.bin", new Subject("import model x"));
        String words = "bert.embeddings.word_embeddings.weight";

        assertThat(torch.areOne("cls.predictions.decoder.weight", words)).isTrue();
        assertThat(torch.areOne("bert.embeddings.position_embeddings.weight", words))
                .isFalse();
        assertThat(torch.areOne("bert.embeddings.LayerNorm.bias", "cls.predictions.transform.LayerNorm.bias"))
                .isFalse();
        assertThat(torch.areOne("bert.embeddings.LayerNorm.bias", "cls.predictions.bias"))
                .isFalse();
    }

    /** A function of a place, counted row after row. */
    private interface Value {
        float at(int index);
    }

    private static Weights.Tensor floats(Value value) {
        ByteBuffer data = ByteBuffer.allocate(ROWS * COLUMNS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.range(0, ROWS * COLUMNS).forEach(i -> data.putFloat(value.at(i)));
        return new Weights.Tensor(new long[] {ROWS, COLUMNS}, data.flip());
    }

    private static Weights.Tensor halves() {
        ByteBuffer data = ByteBuffer.allocate(ROWS * COLUMNS * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.range(0, ROWS * COLUMNS).forEach(i -> data.putShort(BF16_OF_1_5));
        return new Weights.Tensor(new long[] {ROWS, COLUMNS}, data.flip(), ElementType.BF16, Weights.Order.ROWS);
    }
}
