package dev.cloze.bundle;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The cache of imported models: one directory a name. A bundle appears complete or not at all, and two processes that import
 * the same model do the work once. Other things may lie in the cache, too: nothing is removed or replaced that {@link Occupant} does
 * not recognise.
 *
 * @param root {@code ~/.cache/cloze} by default
 * @param sharing who else keeps things there
 */
public record BundleStore(Path root, Sharing sharing) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

    /** Who keeps things in the directory of a store. */
    public enum Sharing {
        /** Anybody: it may be somebody's home. */
        WITH_OTHERS,
        /** Nobody but Cloze, see {@link PrivateDirectory}: what stands at a bundle's place was a bundle. */
        WITH_NOBODY
    }

    /** A cache in a directory that may hold other things. */
    public BundleStore(Path root) {
        this(root, Sharing.WITH_OTHERS);
    }

    /** Whether a bundle can have this name. */
    public static boolean isName(String name) {
        return name.matches(NAME);
    }

    /** The bundle of that name, when it is there. */
    public Optional<Bundle> find(String name) {
        Path directory = place(name);
        return Bundle.isAt(directory) ? Optional.of(Bundle.open(directory)) : Optional.empty();
    }

    /** The bundle of that name, when it is there, with a sound manifest of the format that this version reads. */
    public Optional<Bundle> findCurrent(String name) {
        try {
            return find(name);
        } catch (ClozeException e) {
            return Optional.empty();
        }
    }

    /**
     * The directory that says which bundles this user has tried, in Cloze's own corner of the cache. It is made when it is missing; fails
     * when something else has the name of that corner, or when others may write to the directory.
     */
    public Path triedBundles() throws IOException {
        Directories.make(root);
        WorkDirectory.of(root);
        return PrivateDirectory.make(WorkDirectory.triedBundles(root));
    }

    /** The directory that says which commit each revision of a hub's model is, likewise. */
    public Path hubRevisions() {
        return WorkDirectory.hubRevisions(root);
    }

    /** The same, made when it is missing; fails when something else has the name of Cloze's corner. */
    public Path makeHubRevisions() throws IOException {
        Directories.make(root);
        WorkDirectory.of(root);
        return Files.createDirectories(hubRevisions());
    }

    /** Names of all bundles that are there. */
    public List<String> names() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(root)) {
            return directories
                    .filter(Bundle::isAt)
                    .map(directory -> directory.getFileName().toString())
                    .filter(BundleStore::isName)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** All bundles that are there, damaged ones included. */
    public List<StoredModel> models() {
        return names().stream().map(this::model).toList();
    }

    private StoredModel model(String name) {
        try {
            Bundle bundle = Bundle.open(place(name));
            return new StoredModel(name, place(name), Optional.of(bundle), bundle.problemOfSizes());
        } catch (ClozeException e) {
            return new StoredModel(name, place(name), Optional.empty(), Optional.of(e.why()));
        }
    }

    /**
     * The bundle of that name; {@code write} makes it when it is not there. {@code write} gets an empty directory and leaves
     * a sealed bundle in it, which is renamed to its name in one step. What killed imports left behind is removed. A bundle that is
     * there is made anew when it is of another format, or not {@code good}.
     */
    public Bundle findOrImport(String name, Predicate<Bundle> good, Consumer<Path> write) {
        return alone(name, work -> {
            Optional<Bundle> found = findCurrent(name).filter(good);
            return found.isPresent() ? found.get() : make(name, work, write);
        });
    }

    /** Makes the bundle of that name; fails when anything is there. */
    public Bundle importNew(String name, Consumer<Path> write) {
        return alone(name, work -> {
            Occupant occupant = Occupant.at(place(name));
            if (occupant.kind() == Occupant.Kind.BUNDLE
                    || occupant.kind() == Occupant.Kind.LINK && Bundle.isAt(place(name))) {
                throw ClozeException.model(
                        "import model " + name,
                        "there is a model " + name + " in " + root,
                        "choose another --name, or remove that one with `cloze model remove " + name + "`");
            }
            return make(name, work, write);
        });
    }

    /** Removes the bundle of that name, or the symbolic link to one; whether there was one. */
    public boolean remove(String name) {
        if (!Files.exists(place(name), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        return alone(name, work -> {
            Occupant occupant = Occupant.at(place(name));
            switch (occupant.kind()) {
                case NOTHING -> {
                    return false;
                }
                case LINK -> {
                    if (ManifestFile.recognise(place(name)).isEmpty()) {
                        throw notRemoved(name, "it is a symbolic link to something else than a model");
                    }
                    Files.delete(place(name));
                }
                case BUNDLE -> {
                    discard(name, work);
                    Directories.delete(work.discarded(name));
                }
                case FOREIGN -> throw notRemoved(name, occupant.objection().orElseThrow());
            }
            return true;
        });
    }

    private ClozeException notRemoved(String name, String why) {
        return ClozeException.model(
                "remove model " + name,
                place(name) + " was not made by Cloze alone: " + why,
                "look into it, and remove it yourself");
    }

    private Path place(String name) {
        requireName(name);
        return root.resolve(name);
    }

    private static void requireName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("Not the name of a bundle: " + name);
        }
    }

    /** What is done with the right to write one bundle. */
    private interface Step<T> {
        T run(WorkDirectory work) throws IOException;
    }

    private <T> T alone(String name, Step<T> step) {
        requireName(name);
        try {
            Directories.make(root);
            // The lock holds off other processes; within this one the monitor does.
            synchronized (BundleStore.class) {
                WorkDirectory work =
                        sharing == Sharing.WITH_NOBODY ? WorkDirectory.ofOwn(root) : WorkDirectory.of(root);
                try (FileChannel channel = work.lockFile(name);
                        FileLock lock = channel.lock()) {
                    assert lock.isValid();
                    work.clean(name);
                    work.cleanAll();
                    return step.run(work);
                }
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private Bundle make(String name, WorkDirectory work, Consumer<Path> write) throws IOException {
        // Before the work is done, and again when it is.
        requireReplaceable(name);
        Path unfinished = Files.createDirectory(work.unfinished(name));
        try {
            write.accept(unfinished);
            Bundle.open(unfinished);
            discard(name, work);
            Files.move(unfinished, place(name), StandardCopyOption.ATOMIC_MOVE);
            return Bundle.open(place(name));
        } finally {
            work.clean(name);
        }
    }

    private void discard(String name, WorkDirectory work) throws IOException {
        requireReplaceable(name);
        if (Files.exists(place(name), LinkOption.NOFOLLOW_LINKS)) {
            Files.move(place(name), work.discarded(name), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void requireReplaceable(String name) throws IOException {
        if (sharing == Sharing.WITH_NOBODY) {
            return;
        }
        Optional<String> objection = Occupant.at(place(name)).objection();
        if (objection.isPresent()) {
            throw ClozeException.model(
                    "keep model " + name + " in " + root,
                    place(name) + " is there and was not made by Cloze alone: " + objection.get(),
                    "choose another name with --name or another place with --cache or CLOZE_CACHE, or move it away");
        }
    }

    private ClozeException unreadable(IOException e) {
        return ClozeException.resources(
                "read the model cache " + root,
                String.valueOf(e),
                "make it readable, or choose another place with --cache or CLOZE_CACHE",
                e);
    }

    private ClozeException unwritable(IOException e) {
        return ClozeException.resources(
                "write the model cache " + root,
                String.valueOf(e),
                "make it writable, or choose another place with --cache or CLOZE_CACHE",
                e);
    }
}
