package dev.cloze.catalog;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.ModelProcess;
import dev.cloze.onnx.OnnxJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which bundles the native libraries of these versions have opened on this machine without ending the process. A bundle from
 * elsewhere may hold anything, so it is tried once in a process of its own. Its digest is then kept in a directory of the cache that
 * nobody but this user can write to, because whoever can write there could say so of any bundle.
 *
 * @param store the cache of imported models
 */
record TriedBundles(BundleStore store) {
    /** In this JVM, also where the cache cannot be written. */
    private static final Set<String> TRIED = ConcurrentHashMap.newKeySet();

    /** Fails when {@code bundle}, which is undamaged, cannot be used. */
    void require(Bundle bundle) {
        if (!TRIED.contains(bundle.digest()) && !isKept(bundle)) {
            ModelProcess.ofEnvironment().requireUsable(bundle);
            keep(bundle);
        }
        TRIED.add(bundle.digest());
    }

    /** Remembers {@code bundle}, which was opened when it was imported. */
    Bundle keep(Bundle bundle) {
        try {
            Path place = store.triedBundles();
            Path written = Files.createTempFile(place, "new-", "");
            Files.writeString(written, versions());
            Files.move(written, place.resolve(bundle.digest()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | ClozeException e) {
            // A cache that cannot be written: the next run tries the bundle again.
            TRIED.add(bundle.digest());
        }
        return bundle;
    }

    private boolean isKept(Bundle bundle) {
        try {
            Path file = store.triedBundles().resolve(bundle.digest());
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.readString(file).equals(versions());
        } catch (IOException | ClozeException e) {
            return false;
        }
    }

    private static String versions() {
        return "cloze " + Versions.of("cloze") + ", onnxruntime " + OnnxJar.version() + "\n";
    }
}
