package dev.cloze.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of a repository in the cache of {@code huggingface_hub}: {@code blobs/DIGEST} are contents, {@code
 * snapshots/COMMIT/PATH} relative links to them, and {@code refs/REVISION} the commit that a branch or a tag was when it was last
 * asked for. Python and Java do not heed each other's locks, so whatever appears here appears complete, by a rename.
 *
 * @param root {@code models--organisation--name}
 */
record ModelFolder(Path root) {
    private static final String TEMPORARY = ".cloze.tmp";
    private static final int LONGEST_REF = 100;

    static ModelFolder of(Path cache, HubName model) {
        return new ModelFolder(cache.resolve("models--" + model.organisation() + "--" + model.name()));
    }

    Path blob(ContentDigest digest) {
        return root.resolve("blobs").resolve(digest.hex());
    }

    /** Whether the content of {@code file} is there, undamaged. */
    boolean has(HubFile file) throws IOException {
        Path blob = blob(file.digest());
        return Files.isRegularFile(blob)
                && Files.size(blob) == file.size()
                && file.digest().isOf(blob);
    }

    Path snapshot(String commit) {
        return root.resolve("snapshots").resolve(commit);
    }

    /** The commit that the revision is, as far as this folder knows. */
    Optional<String> commit(HubName model) {
        return model.isCommit() ? Optional.of(model.revision()) : ref(model.revision());
    }

    private Optional<String> ref(String revision) {
        Path file = refs(revision);
        try {
            return Files.isRegularFile(file) && Files.size(file) <= LONGEST_REF
                    ? Optional.of(Files.readString(file).strip()).filter(HubName::isCommit)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Path refs(String revision) {
        return root.resolve("refs").resolve(revision);
    }

    /** Remembers which commit the revision is. */
    void remember(HubName model, String commit) throws IOException {
        if (!model.isCommit()) {
            Path file = refs(model.revision());
            Files.createDirectories(file.getParent());
            Path written = Files.writeString(temporary(file), commit);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Lets the snapshot of {@code commit} have {@code file}, whose blob is there. */
    void link(String commit, HubFile file) throws IOException {
        Path place = snapshot(commit).resolve(file.path());
        Files.createDirectories(place.getParent());
        Path target = place.getParent().relativize(blob(file.digest()));
        if (Files.isSymbolicLink(place) && Files.readSymbolicLink(place).equals(target)) {
            return;
        }
        Path written = temporary(place);
        try {
            Files.createSymbolicLink(written, target);
        } catch (IOException | UnsupportedOperationException e) {
            // As huggingface_hub does on file systems without links.
            Files.copy(blob(file.digest()), written);
        }
        Files.move(written, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Paths of all files in the snapshot of {@code commit} whose content is there. */
    List<String> files(String commit) {
        Path snapshot = snapshot(commit);
        if (!Files.isDirectory(snapshot)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(snapshot)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> snapshot.relativize(path).toString())
                    .filter(path -> !path.endsWith(TEMPORARY))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether the content of a file is what the name of its blob says; true also where there are no links, so that nobody can tell.
     *
     * @param path in the snapshot of {@code commit}
     */
    boolean isIntact(String commit, String path) throws IOException {
        Path blob = snapshot(commit).resolve(path).toRealPath();
        Optional<ContentDigest> digest = ContentDigest.of(blob.getFileName().toString());
        return digest.isEmpty() || digest.get().isOf(blob);
    }

    private static Path temporary(Path file) throws IOException {
        Path temporary = file.resolveSibling("." + UUID.randomUUID() + TEMPORARY);
        if (Files.exists(temporary, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(temporary + " is there already");
        }
        return temporary;
    }
}
