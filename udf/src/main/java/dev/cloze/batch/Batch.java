package dev.cloze.batch;

import dev.cloze.mask.Variant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Variants as flat arrays, padded on the right to the longest.
 *
 * @param width tokens of the longest variant
 * @param ids {@code [rows, width]}, row after row: one for each variant
 * @param attention {@code [rows, width]}, 1 for a token, 0 for padding
 * @param typeIds {@code [rows, width]}
 * @param positions {@code [positions]}, rising indexes into {@code ids}
 * @param topK most probable tokens wanted at each position
 * @param candidates {@code [positions, candidatesPerPosition]}, filled up with id 0
 * @param candidatesPerPosition the longest list of candidates
 */
public record Batch(
        int width,
        long[] ids,
        long[] attention,
        long[] typeIds,
        long[] positions,
        int topK,
        long[] candidates,
        int candidatesPerPosition) {

    /** How many variants there are. */
    public int rows() {
        return width == 0 ? 0 : ids.length / width;
    }

    /** Lays {@code variants} under each other; {@code padId} fills what is left, unseen by the model. */
    public static Batch of(List<Variant> variants, long padId) {
        int rows = variants.size();
        int width = variants.stream().mapToInt(Variant::length).max().orElse(0);
        int topK = variants.stream().mapToInt(Variant::topK).max().orElse(0);
        int positionCount =
                variants.stream().mapToInt(v -> v.positions().length).sum();
        int perPosition = variants.stream()
                .flatMap(v -> Arrays.stream(v.candidates()))
                .mapToInt(c -> c.length)
                .max()
                .orElse(0);
        long[] ids = new long[rows * width];
        Arrays.fill(ids, padId);
        long[] attention = new long[rows * width];
        long[] typeIds = new long[rows * width];
        long[] positions = new long[positionCount];
        long[] candidates = new long[positionCount * perPosition];
        int next = 0;
        for (int row = 0; row < rows; row++) {
            Variant variant = variants.get(row);
            int start = row * width;
            System.arraycopy(variant.ids(), 0, ids, start, variant.length());
            System.arraycopy(variant.typeIds(), 0, typeIds, start, variant.length());
            Arrays.fill(attention, start, start + variant.length(), 1);
            for (int i = 0; i < variant.positions().length; i++, next++) {
                positions[next] = start + variant.positions()[i];
                long[] wanted = variant.candidates()[i];
                System.arraycopy(wanted, 0, candidates, next * perPosition, wanted.length);
            }
        }
        return new Batch(width, ids, attention, typeIds, positions, topK, candidates, perPosition);
    }

    /** Tokens of row {@code row}, without its padding. */
    public int length(int row) {
        int length = 0;
        for (int i = row * width; i < (row + 1) * width; i++) {
            length += (int) attention[i];
        }
        return length;
    }

    /** The rows {@code rows} alone, in this order, cut to {@code tokens} each. */
    public Batch only(List<Integer> rows, int tokens) {
        long[] asked = LongStream.range(0, positions.length)
                .filter(p -> rows.contains((int) (positions[(int) p] / width)))
                .toArray();
        long[] fewer = LongStream.of(asked)
                .map(p -> positions[(int) p])
                .map(at -> rows.indexOf((int) (at / width)) * (long) tokens + at % width)
                .toArray();
        long[] words = LongStream.of(asked)
                .flatMap(p -> Arrays.stream(
                        candidates, (int) p * candidatesPerPosition, (int) (p + 1) * candidatesPerPosition))
                .toArray();
        return new Batch(
                tokens,
                cut(ids, rows, tokens),
                cut(attention, rows, tokens),
                cut(typeIds, rows, tokens),
                fewer,
                topK,
                words,
                candidatesPerPosition);
    }

    private long[] cut(long[] values, List<Integer> rows, int tokens) {
        return rows.stream()
                .flatMapToLong(row -> Arrays.stream(values, row * width, row * width + tokens))
                .toArray();
    }

    @Override
    public String toString() {
        return "Batch[" + rows() + " x " + width + " tokens, " + positions.length + " positions]";
    }
}
