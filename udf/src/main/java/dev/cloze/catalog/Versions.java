package dev.cloze.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions that the root pom names, for manifests and for artifacts fetched at run time. */
public final class Versions {
    private static final Properties ALL = load();

    private Versions() {}

    public static String of(String name) {
        return ALL.getProperty(name);
    }

    private static Properties load() {
        try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
