package dev.cloze.job.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.adapt.AdaptationCorpus;
import dev.cloze.adapt.Block;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldOutBlocksTest {
    @Test
    void ofTwoBlocksOrMoreOneAtLeastIsHeldOut() {
        for (long seed = 0; seed < 20; seed++) {
            AdaptationCorpus divided = HeldOutBlocks.divided(blocks(5), 0.001, seed);
            assertThat(divided.heldOut()).hasSize(1);
            assertThat(divided.blocks()).hasSize(4);
        }
    }

    @Test
    void noneIsHeldOutOfASingleBlockOrWithoutAShare() {
        assertThat(HeldOutBlocks.divided(blocks(1), 0.001, 1).heldOut()).isEmpty();
        assertThat(HeldOutBlocks.divided(blocks(5), 0, 1).heldOut()).isEmpty();
    }

    private static List<Block> blocks(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Block("0-" + i, new int[1], new int[1], new boolean[1]))
                .toList();
    }
}
