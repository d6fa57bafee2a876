package dev.cloze.importing.layout;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.BoundedZip;
import dev.cloze.importing.source.Subject;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A stranger's archive with a model: zip, tar or tar.gz. Whatever it says, nothing is written outside the directory into which it is
 * unpacked, nothing is overwritten, no link is made, and it takes no more room than there is.
 */
public final class Archive {
    private static final int BLOCK = 1 << 16;
    private static final int MOST_ENTRIES = 10_000;
    private static final int DEEPEST = 8;
    private static final int LONGEST_NAME = 500;
    /** Text in JSON becomes ten times smaller, weights hardly smaller at all. */
    private static final long MOST_TIMES = 100;

    private static final long ALWAYS = 64L << 20;
    private static final int TAR_MARK = 257;
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final Path target;
    private final Subject subject;
    private final long limit;
    private final long free;
    private long written;
    private int entries;

    private Archive(Path file, Path target, Subject subject) throws IOException {
        this.file = file;
        this.target = target;
        this.subject = subject;
        this.limit = Files.size(file) * MOST_TIMES + ALWAYS;
        this.free = Files.getFileStore(target).getUsableSpace();
    }

    /** Whether {@code file} is one, as its first bytes tell. */
    public static boolean isAt(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(TAR_MARK + TAR.length);
            return startsWith(start, ZIP) || startsWith(start, GZIP) || isTar(start);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Unpacks {@code file} into the empty directory {@code target}.
     *
     * @return the directory of the model in there
     */
    public static Path unpack(Path file, Path target, Subject subject) {
        try {
            new Archive(file, target, subject).unpack();
            return model(target);
        } catch (IOException | IllegalArgumentException e) {
            throw subject.refuse("the archive is damaged: " + e.getMessage(), "download it again", e);
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] mark) {
        return bytes.length >= mark.length && Arrays.equals(Arrays.copyOf(bytes, mark.length), mark);
    }

    private static boolean isTar(byte[] start) {
        return start.length >= TAR_MARK + TAR.length
                && Arrays.equals(Arrays.copyOfRange(start, TAR_MARK, TAR_MARK + TAR.length), TAR);
    }

    private void unpack() throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(ZIP.length);
        }
        if (startsWith(start, ZIP)) {
            unpackZip();
            return;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                InputStream plain = startsWith(start, GZIP) ? new GZIPInputStream(in, BLOCK) : in) {
            unpackTar(new TarArchiveInputStream(new Headers(plain)));
        }
    }

    private void unpackZip() throws IOException {
        try (ZipFile zip = BoundedZip.open(file)) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (entry.isUnixSymlink()) {
                    throw link(entry.getName());
                }
                if (!zip.canReadEntryData(entry)) {
                    throw subject.refuse(
                            "its entry " + Subject.shown(entry.getName())
                                    + " is encrypted, or packed in an unusual way",
                            "unpack it, and name the directory");
                }
                if (!entry.isDirectory()) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        write(entry.getName(), in);
                    }
                }
            }
        }
    }

    private void unpackTar(TarArchiveInputStream tar) throws IOException {
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (entry.isSymbolicLink() || entry.isLink()) {
                throw link(entry.getName());
            }
            if (isDevice(entry) || !tar.canReadEntryData(entry)) {
                throw subject.refuse(
                        "its entry " + Subject.shown(entry.getName()) + " is not a file",
                        "pack the files of the model only");
            }
            if (!entry.isDirectory()) {
                write(entry.getName(), tar);
            }
        }
    }

    /** Ends an archive that has more beside its files than headers take, such as names of gigabytes, which are kept in memory. */
    private final class Headers extends FilterInputStream {
        private long read;

        Headers(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int got = super.read(into, from, length);
            count(Math.max(0, got));
            return got;
        }

        @Override
        public long skip(long bytes) throws IOException {
            long skipped = super.skip(bytes);
            count(skipped);
            return skipped;
        }

        private void count(long bytes) {
            read += bytes;
            if (read - written > ALWAYS) {
                throw subject.refuse(
                        "it has more than " + (ALWAYS >> 20) + " MB beside its files",
                        "do not use it: it was made to do harm");
            }
        }
    }

    private static boolean isDevice(TarArchiveEntry entry) {
        return entry.isFIFO() || entry.isBlockDevice() || entry.isCharacterDevice();
    }

    private ClozeException link(String name) {
        return subject.refuse(
                "its entry " + Subject.shown(name) + " is a link",
                "pack the files themselves (`tar --dereference`), or unpack it and name the directory");
    }

    private void write(String name, InputStream in) throws IOException {
        if (++entries > MOST_ENTRIES) {
            throw subject.refuse("it has more than " + MOST_ENTRIES + " files", "pack the files of the model only");
        }
        Path place = place(name);
        Files.createDirectories(place.getParent());
        if (Files.exists(place)) {
            throw subject.refuse("it has two files " + Subject.shown(name), "pack the files of the model once");
        }
        try (OutputStream out = Files.newOutputStream(place, StandardOpenOption.CREATE_NEW)) {
            byte[] block = new byte[BLOCK];
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                written += read;
                requireBounded();
                out.write(block, 0, read);
            }
        }
    }

    private Path place(String name) {
        String plain = name.startsWith("./") ? name.substring(2) : name;
        List<String> parts = List.of(plain.split("/", -1));
        boolean sound = parts.size() <= DEEPEST
                && plain.length() <= LONGEST_NAME
                && plain.chars().allMatch(c -> c >= ' ' && c != '\\' && c != ':' && c != 0x7f)
                && parts.stream().noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (!sound) {
            throw subject.refuse(
                    "its entry " + Subject.shown(name) + " leads to another place, or is no name of a file",
                    "do not use it: it was made to do harm");
        }
        return target.resolve(plain);
    }

    private void requireBounded() {
        if (written > limit) {
            throw subject.refuse(
                    "it unpacks to more than " + MOST_TIMES + " times its size",
                    "do not use it: it was made to do harm");
        }
        if (written > free) {
            throw ClozeException.resources(
                    subject.action(),
                    "there is no room to unpack it (" + (free >> 20) + " MB are free)",
                    "make room, or choose another place with --cache or CLOZE_CACHE",
                    null);
        }
    }

    /** Archives of a directory have it as their only entry. */
    private static Path model(Path unpacked) throws IOException {
        Path directory = unpacked;
        for (int i = 0; i < DEEPEST && !Files.exists(directory.resolve(Bundle.CONFIG)); i++) {
            List<Path> inside = visible(directory);
            if (inside.size() != 1 || !Files.isDirectory(inside.get(0))) {
                return directory;
            }
            directory = inside.get(0);
        }
        return directory;
    }

    private static List<Path> visible(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> {
                        String name = path.getFileName().toString();
                        return !name.startsWith(".") && !name.equals("__MACOSX");
                    })
                    .toList();
        }
    }
}
