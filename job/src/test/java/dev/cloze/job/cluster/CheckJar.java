package dev.cloze.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.augment.SentenceCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A jar with a check of a user's own, compiled on the spot. */
final class CheckJar {
    /** Turns down every candidate in which a word of its list stands; says so on standard error. */
    private static final String CHECK = """
            package own;

            public final class Without implements dev.cloze.augment.SentenceCheck {
                public String name() {
                    return "without";
                }

                public boolean accepts(Sentences sentences) {
                    boolean accepted = sentences.edits().stream()
                            .noneMatch(edit -> Words.ALL.contains(edit.replacement().strip()));
                    System.err.println("check without " + Words.ALL + " on "
                            + Thread.currentThread().getName() + ": " + accepted);
                    return accepted;
                }
            }
            """;

    private static final String WORDS = """
            package own;

            final class Words {
                static final java.util.List<String> ALL = java.util.List.of("%s".split(","));
            }
            """;

    private CheckJar() {}

    /** Writes a jar of check {@code without}; its list is in a class beside it. */
    static Path write(Path directory, List<String> words) throws IOException {
        Path work = Files.createTempDirectory(directory, "check");
        Path check = Files.writeString(work.resolve("Without.java"), CHECK);
        Path list = Files.writeString(work.resolve("Words.java"), WORDS.formatted(String.join(",", words)));
        String engine = SentenceCheck.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        engine,
                        "-d",
                        work.toString(),
                        check.toString(),
                        list.toString());
        assertThat(failed).isZero();
        Path jar = work.resolve("without.jar");
        Map<String, byte[]> entries = Map.of(
                "own/Without.class", Files.readAllBytes(work.resolve("own/Without.class")),
                "own/Words.class", Files.readAllBytes(work.resolve("own/Words.class")),
                "META-INF/services/dev.cloze.augment.SentenceCheck", "own.Without".getBytes(StandardCharsets.UTF_8));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new JarEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return jar;
    }
}
