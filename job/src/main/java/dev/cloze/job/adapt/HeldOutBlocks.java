package dev.cloze.job.adapt;

import dev.cloze.adapt.AdaptationCorpus;
import dev.cloze.adapt.Block;
import dev.cloze.mask.Draw;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Divides blocks into those that are trained on and those that are held out. */
final class HeldOutBlocks {
    /** Names the drawing of held-out blocks. */
    private static final String HELD_OUT = "held-out blocks";

    private HeldOutBlocks() {}

    /**
     * Each block is drawn on its own, so that the same ones are held out of the same corpus. Of two blocks or more, one at least is held
     * out when the share is above 0.
     */
    static AdaptationCorpus divided(List<Block> all, double share, long seed) {
        double[] drawn = IntStream.range(0, all.size())
                .mapToDouble(i -> Draw.of(seed, HELD_OUT, 0, i).uniform(0))
                .toArray();
        double lowest = IntStream.range(0, drawn.length)
                .mapToDouble(i -> drawn[i])
                .min()
                .orElse(1);
        boolean holdsOne = share > 0 && all.size() > 1;
        List<Block> blocks = new ArrayList<>();
        List<Block> heldOut = new ArrayList<>();
        for (int i = 0; i < drawn.length; i++) {
            boolean held = drawn[i] < share || holdsOne && drawn[i] == lowest;
            (held ? heldOut : blocks).add(all.get(i));
        }
        return new AdaptationCorpus(blocks, heldOut);
    }
}
