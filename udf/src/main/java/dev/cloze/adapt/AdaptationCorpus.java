package dev.cloze.adapt;

import dev.cloze.bundle.Sha256;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.security.MessageDigest;
import java.util.List;

/**
 * What a model is adapted to.
 *
 * @param blocks to train on
 * @param heldOut blocks that are only evaluated; may be empty
 */
public record AdaptationCorpus(List<Block> blocks, List<Block> heldOut) {
    /** sha256 over the tokens of all blocks, in their order. */
    public String digest() {
        MessageDigest sha256 = Sha256.digest();
        add(blocks, sha256);
        sha256.update((byte) 1);
        add(heldOut, sha256);
        return Sha256.hex(sha256);
    }

    private static void add(List<Block> blocks, MessageDigest digest) {
        for (Block block : blocks) {
            ByteBuffer bytes = ByteBuffer.allocate((block.length() + 1) * Long.BYTES);
            LongBuffer numbers = bytes.asLongBuffer().put(block.length());
            for (int id : block.ids()) {
                numbers.put(id);
            }
            digest.update(bytes);
        }
    }

    @Override
    public String toString() {
        return "AdaptationCorpus[" + blocks.size() + " blocks, " + heldOut.size() + " held out]";
    }
}
