package dev.cloze.bundle;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Which bundles this user has verified on this machine, so that a second run need not read hundreds of megabytes again. What is kept are
 * states of files, in a {@link PrivateDirectory} of the cache: nobody else can write there, and a file that changed since has another
 * state. Where that directory cannot be had, every run reads all files.
 *
 * @param cache of models
 */
public record VerifiedBundles(Path cache) implements FileStates.Memory {
    /** Fails when {@code bundle} is damaged; reads its files unless they are as they were when they were read last. */
    public void verify(Bundle bundle) {
        bundle.verify(this);
    }

    @Override
    public boolean has(FileStates state) {
        try {
            Path file = PrivateDirectory.make(directory()).resolve(name(state));
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.readAllLines(file).equals(state.lines());
        } catch (IOException | ClozeException e) {
            return false;
        }
    }

    @Override
    public void keep(FileStates state) {
        try {
            Path directory = PrivateDirectory.make(directory());
            Path written = Files.createTempFile(directory, "new-", "");
            Files.write(written, state.lines());
            Files.move(written, directory.resolve(name(state)), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | ClozeException e) {
            // The next run reads the files again.
            return;
        }
    }

    private Path directory() throws IOException {
        Directories.make(cache);
        WorkDirectory.of(cache);
        return WorkDirectory.verifiedBundles(cache);
    }

    /** One file for each directory of a bundle. */
    private static String name(FileStates state) {
        return Sha256.of(state.lines().get(0).getBytes(StandardCharsets.UTF_8));
    }
}
