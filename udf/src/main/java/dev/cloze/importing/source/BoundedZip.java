package dev.cloze.importing.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Opens a stranger's zip: its list of files is kept in memory, so that list must not be longer than that of any model. */
public final class BoundedZip {
    private static final long LONGEST_LIST = 8L << 20;

    private BoundedZip() {}

    /** Fails with a sentence about the list of files, or about the damage. */
    public static ZipFile open(Path file) throws IOException {
        Listed channel = new Listed(Files.newByteChannel(file));
        try {
            // Headers beside the files repeat the list; they are read when a file is.
            ZipFile zip = ZipFile.builder()
                    .setSeekableByteChannel(channel)
                    .setIgnoreLocalFileHeader(true)
                    .get();
            channel.left = Long.MAX_VALUE;
            return zip;
        } catch (IOException | IllegalArgumentException e) {
            channel.close();
            // The library wraps what its channel says.
            throw e.getCause() instanceof IOException why ? why : new IOException(e.getMessage(), e);
        }
    }

    /** Counts what is read until the list of files is known. */
    private static final class Listed implements SeekableByteChannel {
        private final SeekableByteChannel channel;
        private long left = LONGEST_LIST;

        Listed(SeekableByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            int read = channel.read(into);
            left -= Math.max(0, read);
            if (left < 0) {
                throw new IOException("its list of files takes more than " + (LONGEST_LIST >> 20) + " MB");
            }
            return read;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return channel.write(from);
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            channel.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            channel.truncate(size);
            return this;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
