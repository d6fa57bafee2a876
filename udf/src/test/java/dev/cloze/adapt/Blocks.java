package dev.cloze.adapt;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Blocks of a corpus in which few of the tokens occur. */
final class Blocks {
    private static final int LENGTH = 12;

    private Blocks() {}

    /** Those with these numbers. */
    static List<Block> range(int from, int to) {
        return IntStream.range(from, to).mapToObj(Blocks::of).toList();
    }

    private static Block of(int number) {
        int[] ids = Arrays.stream(new Random(number).longs(LENGTH, 10, 16).toArray())
                .mapToInt(Math::toIntExact)
                .toArray();
        boolean[] special = new boolean[LENGTH];
        special[0] = true;
        special[LENGTH - 1] = true;
        return new Block("0-" + number, ids, new int[0], special);
    }
}
