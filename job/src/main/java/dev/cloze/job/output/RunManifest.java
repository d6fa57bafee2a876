package dev.cloze.job.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.bundle.Bundle;
import dev.cloze.catalog.Versions;
import dev.cloze.job.files.OwnerFiles;
import dev.cloze.job.input.InputFile;
import dev.cloze.onnx.OnnxJar;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * {@code _manifest.json} beside the Parquet files: what was run, with what, on what, and what became of the rows.
 *
 * @param run names the run
 * @param fingerprint a digest of what another run must have in common with this one to resume it
 * @param command the subcommand
 * @param settings every option's value
 * @param input where the documents came from, as it was given
 * @param files those that the documents came from
 * @param model what scored them
 * @param providers what computed: chunks of each provider of ONNX Runtime
 * @param attempts every time that a command wrote these results, the first one first
 * @param rows number of rows of each status
 * @param chunks rows of each file of results, in the order of the corpus
 * @param skipped why files of the corpus could not be read, by their paths
 */
public record RunManifest(
        String run,
        String fingerprint,
        String command,
        Map<String, Object> settings,
        List<String> input,
        List<InputFile> files,
        Bundle model,
        Map<String, Long> providers,
        List<RunHistory.Attempt> attempts,
        Map<String, Long> rows,
        Map<String, Long> chunks,
        Map<String, String> skipped) {
    /** Writes the manifest into {@code directory}, on whatever file system that is. */
    public void write(String directory, String sparkVersion, Configuration hadoop) throws IOException {
        Path file = new Path(directory, RunDirectory.MANIFEST);
        try (OutputStream out = OwnerFiles.create(file.getFileSystem(hadoop), file)) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(out, content(sparkVersion));
        }
    }

    private Map<String, Object> content(String sparkVersion) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("run", run);
        content.put("fingerprint", fingerprint);
        content.put("command", command);
        content.put("started", attempts.get(0).started());
        content.put("finished", finished());
        content.put("rows", rows);
        content.put("input", input);
        content.put("files", files);
        Map<String, Object> scoredWith = new LinkedHashMap<>();
        scoredWith.put("name", model.manifest().name());
        scoredWith.put("directory", model.directory().toString());
        scoredWith.put("digest", model.digest());
        scoredWith.put("files", model.manifest().files());
        content.put("model", scoredWith);
        content.put("providers", providers);
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("cloze", Versions.of("cloze"));
        versions.put("spark", sparkVersion);
        versions.put("onnxruntime", OnnxJar.version());
        versions.put("tokenizers", Versions.of("tokenizers"));
        content.put("versions", versions);
        content.put("settings", settings);
        content.put("chunks", chunks);
        content.put("skipped", skipped);
        content.put("attempts", attempts);
        return content;
    }

    /** When the results became what they are: an attempt that found nothing to do changes nothing. */
    private String finished() {
        return attempts.stream()
                .filter(attempt -> Boolean.TRUE.equals(attempt.changed()))
                .reduce((earlier, later) -> later)
                .or(() -> attempts.stream().reduce((earlier, later) -> later))
                .map(RunHistory.Attempt::finished)
                .orElseThrow();
    }
}
