package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Native libraries that read a stranger's model may end their process, never come back or take all memory. */
class ModelProcessTest {
    private static final ModelProcess DEFAULT = new ModelProcess(ModelLimits.of(Map.of()));

    @TempDir
    Path source;

    @TempDir
    Path target;

    @BeforeEach
    void copy() throws IOException {
        Exports.copyOf("exports/bert", source);
    }

    /** Each ends the process: seen with version 0.38 of the library. */
    enum Hostile {
        BAD_CHARACTER_MAP(tokenizer -> tokenizer
                .putObject("normalizer")
                .put("type", "Precompiled")
                .put("precompiled_charsmap", "QUFBQUFBQUFBQUFB")),
        SECOND_SENTENCE_OF_ONE(tokenizer -> {
            ObjectNode template = tokenizer.putObject("post_processor").put("type", "TemplateProcessing");
            template.putArray("single")
                    .addObject()
                    .putObject("Sequence")
                    .put("id", "B")
                    .put("type_id", 0);
            for (String sentence : List.of("A", "B")) {
                template.withArray("pair")
                        .addObject()
                        .putObject("Sequence")
                        .put("id", sentence)
                        .put("type_id", 0);
            }
            template.putObject("special_tokens");
        }),
        PIECES_OF_NO_LENGTH(tokenizer ->
                tokenizer.putObject("pre_tokenizer").put("type", "FixedLength").put("length", 0)),
        /** Reads every text; the one letter is cut off at both of its ends when it is decoded. */
        LETTER_THAT_IS_CUT_OFF_TWICE(tokenizer -> tokenizer
                .putObject("decoder")
                .put("type", "Strip")
                .put("content", "a")
                .put("start", 1)
                .put("stop", 1));

        private final Consumer<ObjectNode> change;

        Hostile(Consumer<ObjectNode> change) {
            this.change = change;
        }
    }

    /** Passwords of whoever imports a model are none of its business. */
    @Test
    void theProcessHasNoVariablesButThoseThatItNeeds() throws Exception {
        String ofTheShell = "env -u PWD -u OLDPWD -u SHLVL -u _ ";
        WatchedProcess process = WatchedProcess.start(
                List.of("sh", "-c", ofTheShell + "cut -z -d= -f1 /proc/self/environ | tr '\\0' ' '"), target);

        process.follow(Duration.ofMinutes(1), Long.MAX_VALUE);

        Set<String> needed = Set.of(
                "HOME",
                "PATH",
                "LANG",
                "LC_ALL",
                "LD_LIBRARY_PATH",
                "DJL_CACHE_DIR",
                "ENGINE_CACHE_DIR",
                "DJL_OFFLINE",
                "OPT_OUT_TRACKING",
                "RUST_FLAVOR",
                "RUST_LIBRARY_PATH");
        assertThat(needed.containsAll(System.getenv().keySet()))
                .as("this process has others")
                .isFalse();
        assertThat(process.lastLine().strip().split(" ")).contains("PATH").isSubsetOf(needed);
    }

    @ParameterizedTest
    @EnumSource(Hostile.class)
    void aTokenizerThatEndsTheProcessIsRefused(Hostile hostile) throws Exception {
        Exports.changeJson(source.resolve(Bundle.TOKENIZER), hostile.change);

        assertThatThrownBy(() -> DEFAULT.write(source, "model", target))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessage("Cannot import model " + source
                        + ": its tokenizer.json ended the process that tried it (signal 6); do not use it: the"
                        + " file is damaged or was made to do harm; export the model again");
    }

    @Test
    void aBundleWhoseTokenizerEndsTheProcessIsRefused() throws Exception {
        Bundle sound = HuggingFaceExport.write(source, "model", target);
        DEFAULT.requireUsable(sound);
        Exports.changeJson(target.resolve(Bundle.TOKENIZER), Hostile.PIECES_OF_NO_LENGTH.change);
        Bundle hostile = Bundle.seal(target, sound.manifest().withFiles(Bundle.listing(target)));
        hostile.verify();

        assertThatThrownBy(() -> DEFAULT.requireUsable(hostile))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageStartingWith("Cannot open model " + target
                        + ": its tokenizer.json ended the process that tried it (signal 6)");
    }

    /** The plain graph is what a model is adapted from, and its weights are written to then. */
    @ParameterizedTest
    @ValueSource(strings = {Bundle.SCORING, Bundle.MODEL})
    void aBundleWhoseGraphReadsAnotherFileIsRefused(String graph) throws Exception {
        Bundle sound = HuggingFaceExport.write(source, "model", target);
        Exports.changeTensors(target.resolve(graph), tensor -> Exports.locate(tensor, "../../etc/passwd"));
        Bundle hostile = Bundle.seal(target, sound.manifest().withFiles(Bundle.listing(target)));

        assertThatThrownBy(() -> DEFAULT.requireUsable(hostile))
                .hasMessage("Cannot open model " + target
                        + ": its " + graph
                        + " has weights in a file that its manifest does not name; import the model again"
                        + " from its export");
    }

    @Test
    void theBundleIsTheSameAsWithoutAProcess(@TempDir Path other) throws Exception {
        DEFAULT.write(source, "model", target);

        assertThat(Bundle.open(target).digest())
                .isEqualTo(HuggingFaceExport.write(source, "model", other).digest());
    }

    @Test
    void aRefusalComesBackWithItsKindAndWords() throws Exception {
        Files.delete(source.resolve(Bundle.CONFIG));

        assertThatThrownBy(() -> DEFAULT.write(source, "model", target))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessage(
                        "Cannot import model " + source
                                + ": it has no config.json; put config.json, tokenizer.json and model.onnx or model.safetensors of one model there");
    }

    @Test
    void aProcessThatTakesTooLongIsEnded() {
        ModelProcess impatient = new ModelProcess(new ModelLimits(Duration.ofMillis(1), Optional.empty()));

        assertThatThrownBy(() -> impatient.write(source, "model", target))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageContaining(
                        " was still being tried after 0 s; set CLOZE_MODEL_TIME_LIMIT to more seconds if the machine is slow");
    }

    @Test
    void aProcessThatTakesTooMuchMemoryIsEnded() {
        ModelProcess narrow = new ModelProcess(new ModelLimits(Duration.ofMinutes(10), Optional.of(1L << 20)));

        assertThatThrownBy(() -> narrow.write(source, "model", target))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageContaining(" took more than 1 MB of memory; set CLOZE_MODEL_MEMORY_LIMIT to more megabytes");
    }

    @Test
    void theEnvironmentSetsTheLimits() {
        assertThat(ModelLimits.of(Map.of())).isEqualTo(new ModelLimits(Duration.ofMinutes(10), Optional.empty()));
        assertThat(ModelLimits.of(Map.of("CLOZE_MODEL_TIME_LIMIT", "3600", "CLOZE_MODEL_MEMORY_LIMIT", "64000")))
                .isEqualTo(new ModelLimits(Duration.ofHours(1), Optional.of(64_000L << 20)));
        assertThat(new ModelLimits(Duration.ZERO, Optional.empty()).memoryFor(1 << 20))
                .isEqualTo((4L << 30) + (4 << 20));
        assertThatThrownBy(() -> ModelLimits.of(Map.of("CLOZE_MODEL_TIME_LIMIT", "soon")))
                .hasMessage(
                        "Cannot read the environment variable CLOZE_MODEL_TIME_LIMIT: its value is soon; give it a whole"
                                + " number");
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        Exports.changeJson(source.resolve(Bundle.TOKENIZER), Hostile.PIECES_OF_NO_LENGTH.change);
        List<String> before = Exports.listing(source);

        assertThatThrownBy(() -> DEFAULT.write(source, "model", target)).isInstanceOf(ClozeException.class);

        assertThat(Exports.listing(source)).isEqualTo(before);
        assertThat(Exports.listing(target)).allMatch(name -> name.matches("|config.json|model.onnx|tokenizer.json"));
    }

    /** A program that starts a process and is killed leaves none behind: what the kernel does to its pipes is enough. */
    @Test
    void theProcessEndsWhenTheOneThatStartedItIsKilled() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartsAndWaits.class.getName(),
                        source.toString(),
                        target.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Stream<ProcessHandle> children = childrenOf(parent)) {
            ProcessHandle worker = children.findFirst().orElseThrow();

            parent.destroyForcibly();

            worker.onExit().join();
            assertThat(worker.isAlive()).isFalse();
        } finally {
            parent.destroyForcibly();
        }
    }

    private static Stream<ProcessHandle> childrenOf(Process parent) throws InterruptedException {
        while (parent.isAlive() && parent.children().findAny().isEmpty()) {
            Thread.sleep(5);
        }
        return parent.children();
    }

    /** Imports a model again and again, so that it is killed while a worker runs. */
    static final class StartsAndWaits {
        private StartsAndWaits() {}

        public static void main(String[] arguments) throws IOException {
            while (true) {
                for (String name : Exports.listing(Path.of(arguments[1]))) {
                    if (!name.isEmpty()) {
                        Files.delete(Path.of(arguments[1], name));
                    }
                }
                DEFAULT.write(Path.of(arguments[0]), "model", Path.of(arguments[1]));
            }
        }
    }
}
