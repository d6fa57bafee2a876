package dev.cloze.catalog;

import dev.cloze.bundle.BundleStore;
import dev.cloze.bundle.Sha256;
import dev.cloze.failure.ClozeException;
import dev.cloze.hub.HubName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Which commit {@code hf:organisation/name@revision} was when it was imported. It is kept in the cache of models, not read from the cache
 * of {@code huggingface_hub}, where Python changes it.
 *
 * @param store the cache of imported models
 */
record HubRevisions(BundleStore store) {
    private static final int LONGEST = 100;

    /** The commit of {@code model}; empty when it was not imported here under that name. */
    Optional<String> commit(HubName model) {
        Path file = store.hubRevisions().resolve(key(model));
        try {
            return Files.isRegularFile(file) && Files.size(file) <= LONGEST
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Remembers that {@code model} is {@code commit}; a cache that cannot be written remembers nothing. */
    void keep(HubName model, String commit) {
        try {
            Path place = store.makeHubRevisions();
            Path written = Files.createTempFile(place, "new-", "");
            Files.writeString(written, commit);
            Files.move(
                    written,
                    place.resolve(key(model)),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | ClozeException e) {
            // The next use asks the hub again.
        }
    }

    private static String key(HubName model) {
        return Sha256.of(model.toString().getBytes(StandardCharsets.UTF_8));
    }
}
