package dev.cloze.job.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.files.PlainLocalFileSystem;
import dev.cloze.job.plan.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** A directory of results on this machine that no run of Spark wrote. */
record LocalDirectory(Path path) {
    private static final Configuration HADOOP = PlainLocalFileSystem.in(new Configuration());

    FileSystem files() throws IOException {
        return hadoop().getFileSystem(HADOOP);
    }

    org.apache.hadoop.fs.Path hadoop() {
        return new org.apache.hadoop.fs.Path(path.toString());
    }

    RunDirectory run() throws IOException {
        return new RunDirectory(files(), files().makeQualified(hadoop()));
    }

    OwnDirectory own() throws IOException {
        return OwnDirectory.of(files(), hadoop());
    }

    RunHistory history() throws IOException {
        return RunHistory.in(files(), hadoop());
    }

    /** Makes a file of {@code content}, and what it lies in. */
    void write(String name, String content) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** Makes empty files. */
    void touch(String... names) throws IOException {
        for (String name : names) {
            write(name, "");
        }
    }

    /** Files in it, at any depth, and directories that are empty, in alphabetical order. */
    List<String> content() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                files.filter(file -> !file.equals(path))
                        .filter(file ->
                                !Files.isDirectory(file) || file.toFile().list().length == 0)
                        .forEach(file -> names.add(path.relativize(file).toString()));
            }
        }
        return List.copyOf(names);
    }

    /** The JSON of a plan. */
    static String planJson(String file, int... rows) {
        return """
                {"run": "a run", "identity": {"command": "fill-mask", "the version of cloze": "1"},
                 "cutting": {"target": 1000, "together": 1}, "sources": [],
                 "splits": [{"path": "%s", "modified": 1000, "start": 0, "length": 64, "rows": %s}]}
                """.formatted(file, Arrays.toString(rows));
    }

    /** A plan for one file of a corpus, a chunk for each of {@code rows}. */
    static RunPlan plan(String file, int... rows) throws IOException {
        return new ObjectMapper().readValue(planJson(file, rows), RunPlan.class);
    }
}
