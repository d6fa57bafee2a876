package dev.cloze.job.output;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.catalog.Versions;
import dev.cloze.job.files.OwnerFiles;
import dev.cloze.job.input.InputFile;
import dev.cloze.onnx.OnnxJar;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code _manifest.json} beside the Parquet files: what was run, with what, on what, and what became of the rows.
 *
 * @param run names the run
 * @param fingerprint a digest of what another run must have in common with this one to resume it
 * @param command the subcommand
 * @param started when the first attempt began, ISO 8601
 * @param finished when the results became what they are, ISO 8601
 * @param rows number of rows of each status
 * @param input where the documents came from, as it was given
 * @param files those that the documents came from
 * @param model what scored them
 * @param providers what computed: chunks of each provider of ONNX Runtime
 * @param versions of the programs that scored them
 * @param settings every option's value
 * @param chunks rows of each file of results, in the order of the corpus
 * @param skipped why files of the corpus could not be read, by their paths
 * @param attempts every time that a command wrote these results, the first one first
 */
@JsonPropertyOrder({
    "run",
    "fingerprint",
    "command",
    "started",
    "finished",
    "rows",
    "input",
    "files",
    "model",
    "providers",
    "versions",
    "settings",
    "chunks",
    "skipped",
    "attempts"
})
public record RunManifest(
        String run,
        String fingerprint,
        String command,
        String started,
        String finished,
        Map<String, Long> rows,
        List<String> input,
        List<InputFile> files,
        Model model,
        Map<String, Long> providers,
        Programs versions,
        Map<String, Object> settings,
        Map<String, Long> chunks,
        Map<String, String> skipped,
        List<RunHistory.Attempt> attempts) {

    /** What scored the rows. */
    @JsonPropertyOrder({"name", "directory", "digest", "precision", "calibration", "files"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Model(
            String name,
            String directory,
            String digest,
            String precision,
            Manifest.Calibration calibration,
            Map<String, Manifest.FileEntry> files) {
        /** A bundle as it lies on the driver. */
        public static Model of(Bundle bundle) {
            Manifest manifest = bundle.manifest();
            return new Model(
                    manifest.name(),
                    bundle.directory().toString(),
                    bundle.digest(),
                    manifest.precision(),
                    manifest.calibration(),
                    manifest.files());
        }
    }

    /** Versions of the programs that scored the rows. */
    @JsonPropertyOrder({"cloze", "spark", "onnxruntime", "tokenizers"})
    public record Programs(String cloze, String spark, String onnxruntime, String tokenizers) {
        /** Those of this process. */
        public static Programs here(String spark) {
            return new Programs(Versions.of("cloze"), spark, OnnxJar.version(), Versions.of("tokenizers"));
        }
    }

    /** When {@code attempts} made the results what they are: one that found nothing to do changes nothing. */
    public static String finished(List<RunHistory.Attempt> attempts) {
        return attempts.stream()
                .filter(attempt -> Boolean.TRUE.equals(attempt.changed()))
                .reduce((earlier, later) -> later)
                .or(() -> attempts.stream().reduce((earlier, later) -> later))
                .map(RunHistory.Attempt::finished)
                .orElseThrow();
    }

    /** Writes the manifest into {@code directory} of {@code files}. */
    void write(FileSystem files, Path directory) throws IOException {
        try (OutputStream out = OwnerFiles.create(files, new Path(directory, ResultNames.MANIFEST))) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(out, this);
        }
    }
}
