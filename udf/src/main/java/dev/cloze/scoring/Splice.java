package dev.cloze.scoring;

import java.util.Arrays;

/** Several ids in the place of one. */
final class Splice {
    private Splice() {}

    static long[] replace(long[] ids, int position, long[] pieces) {
        long[] spliced = Arrays.copyOf(ids, ids.length + pieces.length - 1);
        System.arraycopy(ids, position + 1, spliced, position + pieces.length, ids.length - position - 1);
        System.arraycopy(pieces, 0, spliced, position, pieces.length);
        return spliced;
    }
}
