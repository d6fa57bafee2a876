package dev.cloze.job.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.Secrets;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A finished run, as its manifest tells: what a sample of a corpus took.
 *
 * @param command that scored it
 * @param bytes of the files that were scored
 * @param rows that have their outcome
 * @param tokens that the model read
 * @param coreSeconds with the texts and in the model, summed over cores
 * @param modelBytes of all files of the model
 */
public record SampleRun(String command, long bytes, long rows, long tokens, double coreSeconds, long modelBytes) {

    /** The run whose output is {@code directory}; fails when its manifest does not tell enough. */
    public static SampleRun of(String directory, Configuration hadoop) {
        Path manifest = new Path(directory, "_manifest.json");
        try (InputStream in = manifest.getFileSystem(hadoop).open(manifest)) {
            SampleRun sample = of(new ObjectMapper().readTree(in));
            if (sample.bytes == 0 || sample.tokens == 0 || sample.coreSeconds == 0) {
                throw unfit(directory, "its manifest does not say how many files it read, and what that took", null);
            }
            return sample;
        } catch (IOException | IllegalArgumentException e) {
            throw unfit(directory, Causes.firstLine(e), e);
        }
    }

    /** All attempts together scored the files that the manifest lists. */
    static SampleRun of(JsonNode manifest) {
        long rows = 0;
        long tokens = 0;
        double coreSeconds = 0;
        for (JsonNode attempt : manifest.path("attempts")) {
            JsonNode metrics = attempt.path("metrics");
            double rate = metrics.path("tokens_per_second_and_core").asDouble();
            if (rate > 0) {
                rows += metrics.path("rows").asLong();
                tokens += metrics.path("tokens").asLong();
                coreSeconds += metrics.path("tokens").asLong() / rate;
            }
        }
        return new SampleRun(
                manifest.path("command").asText(),
                sum(manifest.path("files")),
                rows,
                tokens,
                coreSeconds,
                sum(manifest.path("model").path("files")));
    }

    private static long sum(JsonNode files) {
        long bytes = 0;
        for (JsonNode file : files) {
            bytes += file.path("bytes").asLong();
        }
        return bytes;
    }

    /** Tokens that a core reads in a second. */
    public double rate() {
        return tokens / coreSeconds;
    }

    private static ClozeException unfit(String directory, String why, Exception cause) {
        return ClozeException.corpus(
                "plan from the run in " + Secrets.location(directory),
                why,
                "score a sample of the corpus with --output on a machine of the cluster, and name that output",
                cause);
    }
}
