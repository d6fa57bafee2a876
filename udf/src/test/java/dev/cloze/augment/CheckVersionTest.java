package dev.cloze.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.bundle.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckVersionTest {
    private static final String CLASS = Alone.class.getName().replace('.', '/') + ".class";

    @TempDir
    Path directory;

    /** Needs nothing but Java, so that a jar with it alone can be loaded. */
    static final class Alone {}

    @Test
    void withoutAJarTheClassTells() throws IOException {
        try (InputStream code = NoBerlin.class.getResourceAsStream("NoBerlin.class")) {
            assertThat(new NoBerlin().version()).isEqualTo(Sha256.of(code.readAllBytes()));
        }
        assertThat(CheckVersion.of(Alone.class)).isNotEqualTo(new NoBerlin().version());
    }

    @Test
    void aJarIsKnownByAllThatIsInItAndNotByItsDates() throws Exception {
        String first = versionIn(jar("first", "paris", 1_000_000_000_000L));
        String later = versionIn(jar("later", "paris", 1_500_000_000_000L));
        String other = versionIn(jar("other", "berne", 1_000_000_000_000L));

        assertThat(later).isEqualTo(first).hasSize(64);
        assertThat(other).isNotEqualTo(first).hasSize(64);
    }

    private static String versionIn(Path jar) throws Exception {
        URL[] places = {jar.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
            return CheckVersion.of(loader.loadClass(Alone.class.getName()));
        }
    }

    private Path jar(String name, String words, long time) throws IOException {
        Path jar = directory.resolve(name + ".jar");
        try (InputStream code = Alone.class.getResourceAsStream("CheckVersionTest$Alone.class");
                OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            write(zip, CLASS, code.readAllBytes(), time);
            write(zip, "words.txt", words.getBytes(StandardCharsets.UTF_8), time);
        }
        return jar;
    }

    private static void write(JarOutputStream zip, String name, byte[] bytes, long time) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTime(time);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
