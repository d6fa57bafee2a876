package dev.cloze.bundle;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * A directory that only this user can write to, so that what lies in it was put there by this user. On a node other users may have
 * made the directory before us, in the hope that we take what they put there.
 */
public final class PrivateDirectory {
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

    private PrivateDirectory() {}

    /** Who owns what this process writes into a directory. */
    interface Writer {
        UserPrincipal in(Path directory) throws IOException;
    }

    /** Makes {@code directory}, or fails when it is there and another user has or had a hand in it. */
    public static Path make(Path directory) {
        return make(directory, PrivateDirectory::writer);
    }

    static Path make(Path directory, Writer writer) {
        try {
            Directories.make(directory.getParent());
            create(directory);
            if (Files.isSymbolicLink(directory)) {
                throw refused(directory, "it is a symbolic link");
            }
            if (!Files.isDirectory(directory)) {
                throw refused(directory, "it is not a directory");
            }
            requireOwn(directory, writer);
            requireNobodyElse(directory);
            return directory;
        } catch (IOException e) {
            throw ClozeException.resources(
                    "keep copies of models in " + directory, String.valueOf(e), repair("make it writable"), e);
        }
    }

    private static void create(Path directory) throws IOException {
        try {
            if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWN));
            } else {
                Files.createDirectory(directory);
            }
        } catch (FileAlreadyExistsException e) {
            // Whose it is, is looked at next.
            return;
        }
    }

    private static void requireOwn(Path directory, Writer writer) throws IOException {
        FileOwnerAttributeView view =
                Files.getFileAttributeView(directory, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        UserPrincipal owner = view.getOwner();
        UserPrincipal self = writer.in(directory);
        if (!owner.equals(self)) {
            throw refused(
                    directory, "it belongs to " + owner.getName() + ", and this process runs as " + self.getName());
        }
    }

    private static void requireNobodyElse(Path directory) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw refused(
                    directory,
                    "other users may write to it (" + PosixFilePermissions.toString(permissions)
                            + "), so what lies in it" + " may be theirs");
        }
        if (!permissions.equals(OWN)) {
            view.setPermissions(OWN);
        }
    }

    /** By trying: some file systems map users to others. */
    private static UserPrincipal writer(Path directory) throws IOException {
        Path probe = Files.createTempFile(directory, ".owner", "");
        try {
            return Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
        } finally {
            Files.delete(probe);
        }
    }

    private static ClozeException refused(Path directory, String why) {
        return ClozeException.resources("keep copies of models in " + directory, why, repair("remove it"), null);
    }

    private static String repair(String first) {
        return first + ", or name another place with CLOZE_CACHE (spark.executorEnv.CLOZE_CACHE)";
    }
}
