package dev.cloze.job.files;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/** Files that tell settings: where a file system knows permissions, only their owner may read them. */
public final class OwnerFiles {
    private static final short OWNER_ONLY = 0600;
    private static final int BUFFER = 64 * 1024;

    private OwnerFiles() {}

    /** Begins {@code file}, in the place of one that is there. */
    public static OutputStream create(FileSystem files, Path file) throws IOException {
        return files.create(
                file,
                new FsPermission(OWNER_ONLY),
                true,
                BUFFER,
                files.getDefaultReplication(file),
                files.getDefaultBlockSize(file),
                null);
    }
}
