package dev.cloze.importing.weights;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The checksum of LevelDB tables and TensorFlow checkpoints: a CRC-32C, rotated and shifted (leveldb/util/crc32c.h). */
final class MaskedCrc32c {
    private static final int DELTA = 0xa282ead8;

    private MaskedCrc32c() {}

    static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + DELTA;
    }
}
