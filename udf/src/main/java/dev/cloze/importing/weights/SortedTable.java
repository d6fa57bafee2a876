package dev.cloze.importing.weights;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A LevelDB table (leveldb/doc/table_format.md): a footer points to an index block, whose values point to blocks of
 * prefix-compressed entries. Small tables only: everything is read into memory.
 */
final class SortedTable {
    private static final long MAGIC = 0xdb4775248b80fb57L;
    private static final int FOOTER = 48;

    private final ByteBuffer table;

    private SortedTable(byte[] bytes) {
        this.table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All entries in the table's order; fails with {@link IllegalStateException} when it is damaged. */
    static Map<String, byte[]> read(byte[] bytes) {
        try {
            return new SortedTable(bytes).entries();
        } catch (IndexOutOfBoundsException | BufferUnderflowException | IllegalArgumentException e) {
            throw new IllegalStateException("the index is damaged", e);
        }
    }

    private Map<String, byte[]> entries() {
        int footer = table.limit() - FOOTER;
        if (footer < 0 || table.getLong(table.limit() - Long.BYTES) != MAGIC) {
            throw new IllegalStateException("the index is not a table");
        }
        ByteBuffer handles = table.duplicate().position(footer);
        varint(handles);
        varint(handles);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        block(
                handles,
                (separator, handle) -> block(ByteBuffer.wrap(handle), (name, value) -> entries.put(name, value)));
        return entries;
    }

    /** Reads the block that {@code handle} points to. */
    private void block(ByteBuffer handle, BiConsumer<String, byte[]> entry) {
        int offset = (int) varint(handle);
        int size = (int) varint(handle);
        if (MaskedCrc32c.of(table.slice(offset, size + 1)) != table.getInt(offset + size + 1)) {
            throw new IllegalStateException("a checksum of the index is wrong");
        }
        if (table.get(offset + size) != 0) {
            throw new IllegalStateException("the index is compressed");
        }
        ByteBuffer block = table.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN);
        int restarts = block.getInt(size - Integer.BYTES);
        block.limit(size - Integer.BYTES * (restarts + 1));
        byte[] key = new byte[0];
        while (block.hasRemaining()) {
            int shared = (int) varint(block);
            int added = (int) varint(block);
            int length = (int) varint(block);
            if (shared < 0
                    || shared > key.length
                    || added < 0
                    || length < 0
                    || (long) added + length > block.remaining()) {
                throw new IllegalStateException("an entry of the index is damaged");
            }
            byte[] value = new byte[length];
            key = Arrays.copyOf(key, shared + added);
            block.get(key, shared, added);
            block.get(value);
            entry.accept(new String(key, StandardCharsets.UTF_8), value);
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("a number of the index is damaged");
    }
}
