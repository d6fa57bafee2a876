package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.plan.Chunk;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChunkGroupsTest {
    /** 30 chunks of a small corpus on two cores: four tasks. */
    @Test
    void aCoreHasTwoGroupsOfASmallCorpus() {
        List<Chunk> chunks = chunks(Collections.nCopies(30, 1_000L));

        assertThat(sizes(ChunkGroups.on(2, 30_000), chunks)).containsExactly(7, 8, 7, 8);
    }

    @Test
    void smallFilesShareATask() {
        List<Chunk> chunks = chunks(Collections.nCopies(400, 150L));

        assertThat(sizes(ChunkGroups.on(2, 60_000), chunks)).containsExactly(100, 100, 100, 100);
    }

    @Test
    void aGroupIsNoLargerThanWhatIsSortedTogether() {
        List<Chunk> chunks = chunks(Collections.nCopies(1_000, 20_000L));

        assertThat(sizes(ChunkGroups.on(2, 20_000_000), chunks)).hasSize(500).containsOnly(2);
    }

    @Test
    void moreCoresThanChunksHaveAGroupForEach() {
        assertThat(sizes(ChunkGroups.on(64, 5_000), chunks(Collections.nCopies(5, 1_000L))))
                .containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void aChunkThatCostsMoreThanAGroupStandsAlone() {
        assertThat(sizes(new ChunkGroups(100), chunks(List.of(40L, 40L, 1_000L, 50L, 30L))))
                .containsExactly(2, 1, 2);
    }

    @Test
    void chunksStayInTheirOrderAndNoneIsLost() {
        List<Chunk> chunks =
                chunks(LongStream.range(0, 200).mapToObj(i -> i * 7919 % 1_000).toList());

        List<Chunk> grouped =
                new ChunkGroups(3_000).of(chunks).stream().flatMap(List::stream).toList();

        assertThat(grouped).isEqualTo(chunks);
        assertThat(new ChunkGroups(0).of(chunks(List.of(0L, 0L)))).isNotEmpty();
    }

    private static List<Integer> sizes(ChunkGroups groups, List<Chunk> chunks) {
        return groups.of(chunks).stream().map(List::size).toList();
    }

    private static List<Chunk> chunks(List<Long> costs) {
        return IntStream.range(0, costs.size())
                .mapToObj(i -> new Chunk("chunk-" + i, i, 0, 0, 1, costs.get(i)))
                .toList();
    }
}
