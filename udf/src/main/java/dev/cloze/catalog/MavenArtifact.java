package dev.cloze.catalog;

import java.nio.file.Path;

/** The name of a jar in a Maven repository. */
record MavenArtifact(String group, String artifact, String version) {
    /** Where a repository on disk has the jar. */
    Path in(Path repository) {
        return repository
                .resolve(group.replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(fileName());
    }

    String fileName() {
        return artifact + "-" + version + ".jar";
    }

    @Override
    public String toString() {
        return group + ":" + artifact + ":" + version;
    }
}
