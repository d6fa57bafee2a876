package dev.cloze.job.chunks;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A bucket under {@code s3a:}, kept on the local disk. An object appears whole when its stream is closed, or not at all; a rename
 * copies objects one by one and deletes the old ones at the end; nothing can be appended to.
 */
public final class ObjectStoreFileSystem extends RawLocalFileSystem {
    private static final AtomicReference<Predicate<Path>> FAILS = new AtomicReference<>(path -> false);
    private static final List<Path> RENAMED = new CopyOnWriteArrayList<>();

    static void failWhen(Predicate<Path> uploads) {
        FAILS.set(uploads);
    }

    /** What was renamed since this was asked last, by its old name. */
    static List<Path> renamed() {
        List<Path> renamed = List.copyOf(RENAMED);
        RENAMED.clear();
        return renamed;
    }

    @Override
    public URI getUri() {
        return URI.create("s3a://bucket");
    }

    @Override
    public String getScheme() {
        return "s3a";
    }

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        super.initialize(uri, configuration);
        setConf(configuration);
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        return create(path, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        if (!overwrite && exists(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        java.nio.file.Path scratch = Files.createTempFile("object", null);
        return new FSDataOutputStream(Files.newOutputStream(scratch), null) {
            private boolean open = true;

            @Override
            public void close() throws IOException {
                super.close();
                if (open) {
                    open = false;
                    put(scratch, path);
                }
            }
        };
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("append");
    }

    @Override
    public void copyFromLocalFile(boolean move, boolean overwrite, Path from, Path to) throws IOException {
        java.nio.file.Path scratch = Files.createTempFile("object", null);
        Files.copy(java.nio.file.Path.of(from.toUri().getPath()), scratch, StandardCopyOption.REPLACE_EXISTING);
        put(scratch, to);
    }

    private void put(java.nio.file.Path scratch, Path path) throws IOException {
        try {
            if (FAILS.get().test(path)) {
                throw new IOException("PUT " + path + ": 503 Slow Down");
            }
            java.nio.file.Path object = pathToFile(path).toPath();
            Files.createDirectories(object.getParent());
            Files.move(scratch, object, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        RENAMED.add(from);
        if (!exists(from)) {
            throw new FileNotFoundException(from.toString());
        }
        Path target = exists(to) && getFileStatus(to).isDirectory() ? new Path(to, from.getName()) : to;
        if (exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        copy(from, target);
        return delete(from, true);
    }

    private void copy(Path from, Path to) throws IOException {
        if (getFileStatus(from).isFile()) {
            java.nio.file.Path scratch = Files.createTempFile("object", null);
            Files.copy(pathToFile(from).toPath(), scratch, StandardCopyOption.REPLACE_EXISTING);
            put(scratch, to);
            return;
        }
        mkdirs(to);
        for (FileStatus inside : listStatus(from)) {
            copy(inside.getPath(), new Path(to, inside.getPath().getName()));
        }
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return withoutOwner(super.getFileStatus(path));
    }

    /** By name, as a store lists its objects. */
    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return Arrays.stream(super.listStatus(path))
                .sorted()
                .map(ObjectStoreFileSystem::withoutOwner)
                .toArray(FileStatus[]::new);
    }

    /** Local ones look up owner and permissions, which objects do not have, in the file. */
    private static FileStatus withoutOwner(FileStatus local) {
        return new FileStatus(
                local.getLen(),
                local.isDirectory(),
                1,
                local.getBlockSize(),
                local.getModificationTime(),
                local.getPath());
    }
}
