package dev.cloze.importing.weights;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code torch.save} wrote before PyTorch 1.6: pickles of a magic number, a version and the machine's sizes, that of the state dictionary, that
 * of the storages' keys, and then each storage: how many numbers it has, and these.
 */
final class LegacyTorchFile implements TorchStorages {
    private static final int HEADERS = 3;

    private final Path file;
    private final Object state;
    private final Map<String, Long> places = new HashMap<>();

    private LegacyTorchFile(Path file, Object state) {
        this.file = file;
        this.state = state;
    }

    static LegacyTorchFile open(Path file) throws IOException {
        try (Counting counting = new Counting(new BufferedInputStream(Files.newInputStream(file)))) {
            DataInputStream in = new DataInputStream(counting);
            for (int i = 0; i < HEADERS; i++) {
                Pickle.read(in);
            }
            LegacyTorchFile opened = new LegacyTorchFile(file, Pickle.read(in));
            opened.place(Pickle.read(in), counting.read);
            return opened;
        }
    }

    Object state() {
        return state;
    }

    /** Finds out where each storage begins, the first one at byte {@code begin}. */
    private void place(Object keys, long begin) throws IOException {
        if (!(state instanceof Map<?, ?> tensors) || !(keys instanceof List<?> list)) {
            throw new IOException("it is not a state dictionary");
        }
        Map<String, Pickle.Storage> storages = new HashMap<>();
        for (Object value : tensors.values()) {
            if (value instanceof TorchTensor tensor) {
                storages.put(tensor.storage().key(), tensor.storage());
            }
        }
        long at = begin;
        long size = Files.size(file);
        for (Object key : list) {
            Pickle.Storage storage = storages.get(key);
            if (storage == null) {
                throw new IOException("it lists a storage that no tensor is in");
            }
            at += Long.BYTES;
            places.put(storage.key(), at);
            at = Math.addExact(
                    at, Math.multiplyExact(storage.count(), storage.type().bytes()));
            if (at > size) {
                throw new IOException("it is cut off");
            }
        }
    }

    @Override
    public ByteBuffer read(Pickle.Storage storage, long from, long count) throws IOException {
        Long place = places.get(storage.key());
        if (place == null) {
            throw new IOException("it lacks a storage");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer counted = channel.map(FileChannel.MapMode.READ_ONLY, place - Long.BYTES, Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            if (counted.getLong() != storage.count()) {
                throw new IOException("the size of a storage is not what its pickle says");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, place + from, count);
        }
    }

    /** Counts what is read. */
    private static final class Counting extends FilterInputStream {
        private long read;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            read += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            int more = super.read(bytes, from, count);
            read += Math.max(0, more);
            return more;
        }
    }
}
