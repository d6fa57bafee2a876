package dev.cloze.augment;

import dev.cloze.bundle.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** Tells one state of a check's code from another. */
final class CheckVersion {
    private static final String UNKNOWN = "unknown";

    private CheckVersion() {}

    /**
     * A digest of what is in the jar that brings {@code type}: a check may lean on other classes and on data in it. Dates of the
     * jar's entries do not matter, so the same sources built again are the same version. Without a jar, a digest of the class.
     */
    static String of(Class<?> type) {
        try {
            Optional<Path> jar = jar(type);
            return jar.isPresent() ? ofEntries(jar.get()) : ofClass(type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> jar(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL place = source == null ? null : source.getLocation();
        if (place == null || !place.getProtocol().equals("file")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(place.toURI())).filter(Files::isRegularFile);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String ofEntries(Path jar) throws IOException {
        try (JarFile entries = new JarFile(jar.toFile())) {
            String contents = entries.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(entry -> entry.getName() + " " + entry.getSize() + " " + entry.getCrc())
                    .sorted()
                    .collect(Collectors.joining("\n"));
            return Sha256.of(contents.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String ofClass(Class<?> type) throws IOException {
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream code = type.getResourceAsStream(file)) {
            return code == null ? UNKNOWN : Sha256.of(code.readAllBytes());
        }
    }
}
