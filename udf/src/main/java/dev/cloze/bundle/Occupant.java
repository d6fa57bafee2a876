package dev.cloze.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What stands at the place of a bundle, and whether it may be removed: only a directory with a readable {@code cloze.json}, and with
 * no file that this does not name.
 *
 * @param place of the bundle
 * @param kind what it is
 * @param objection why it may not be removed; empty when it may, or nothing is there
 */
record Occupant(Path place, Kind kind, Optional<String> objection) {

    /** What stands there. */
    enum Kind {
        NOTHING,
        BUNDLE,
        /** Perhaps a bundle, but somewhere else. */
        LINK,
        /** Somebody's: no bundle, or a bundle with other files in it. */
        FOREIGN
    }

    /** What stands at {@code place} now. */
    static Occupant at(Path place) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return new Occupant(place, Kind.NOTHING, Optional.empty());
        }
        if (Files.isSymbolicLink(place)) {
            return new Occupant(place, Kind.LINK, Optional.of("it is a symbolic link"));
        }
        if (!Files.isDirectory(place)) {
            return foreign(place, "it is not a directory");
        }
        Optional<Set<String>> files = ManifestFile.recognise(place);
        if (files.isEmpty()) {
            return foreign(place, "it has no readable " + Bundle.MANIFEST);
        }
        Optional<String> other = other(place, files.get());
        return other.isPresent()
                ? foreign(place, "it holds " + other.get() + ", which its " + Bundle.MANIFEST + " does not name")
                : new Occupant(place, Kind.BUNDLE, Optional.empty());
    }

    private static Occupant foreign(Path place, String why) {
        return new Occupant(place, Kind.FOREIGN, Optional.of(why));
    }

    /** Something in the directory that is no file of the bundle. */
    private static Optional<String> other(Path place, Set<String> files) throws IOException {
        try (Stream<Path> entries = Files.list(place)) {
            return entries.filter(entry -> !files.contains(entry.getFileName().toString())
                            || Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .findFirst();
        }
    }
}
