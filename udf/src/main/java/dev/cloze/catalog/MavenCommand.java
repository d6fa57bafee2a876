package dev.cloze.catalog;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Maven's own command. It knows the mirrors, proxies and passwords of {@code settings.xml}, which Spark's resolver does not read, so it
 * serves those who reach a repository in no other way.
 *
 * @param executable {@code mvn}
 */
record MavenCommand(Path executable) {
    private static final String ERROR = "[ERROR] ";

    /** The one that a shell would find, if there is any. */
    static Optional<MavenCommand> onPath() {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(Pattern.quote(File.pathSeparator)))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "mvn"))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .map(MavenCommand::new);
    }

    /**
     * The jar, copied into {@code directory}.
     *
     * @throws IOException whose message says why it cannot be had
     */
    Path fetch(MavenArtifact artifact, Path directory) throws IOException {
        // Maven takes options and extensions from the nearest .mvn above: this one, and nobody else's.
        Files.createDirectories(directory.resolve(".mvn"));
        // Away from any project: its pom must play no part.
        Process maven = new ProcessBuilder(
                        executable.toString(),
                        "--batch-mode",
                        "--quiet",
                        "org.apache.maven.plugins:maven-dependency-plugin:" + Versions.of("dependency-plugin")
                                + ":copy",
                        "-Dartifact=" + artifact,
                        "-DoutputDirectory=" + directory.toAbsolutePath())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        maven.getOutputStream().close();
        String error = firstError(maven);
        try {
            if (maven.waitFor() != 0) {
                throw new IOException(error);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("it was interrupted", e);
        }
        return directory.resolve(artifact.fileName());
    }

    private static String firstError(Process maven) throws IOException {
        try (InputStream said = maven.getInputStream()) {
            return new String(said.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(ERROR))
                    .findFirst()
                    .map(line -> line.substring(ERROR.length()))
                    .orElse("it does not say why");
        }
    }
}
