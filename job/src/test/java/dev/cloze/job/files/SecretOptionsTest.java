package dev.cloze.job.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords of a command line do not stand in what a run writes and says. */
class SecretOptionsTest {
    private static final String SECRET = "hunter2";

    @TempDir
    Path directory;

    private Path corpus;
    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = new Corpora(directory).lines("corpus.csv", "text", "a [MASK]", "the [MASK] of");
        output = directory.resolve("out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password=" + SECRET,
                "url=jdbc:postgresql://db/corpora?user=me&password=" + SECRET,
                "proxy=http://me:" + SECRET + "@proxy:3128"
            })
    void aSecretIsNeitherWrittenNorSaidAndTellsRunsApart(String option) throws IOException {
        Result first = run(option);
        assertThat(first.code()).as(first.err()).isZero();
        Result again = run(option);
        assertThat(again.err()).contains("nothing is left to score");
        Result shown = Runner.run("runs", "show", output.toString());
        Result other = run(option.replace(SECRET, SECRET + "3"));

        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("--read-option was {").contains("(redacted)");
        for (Result result : List.of(first, again, shown, other)) {
            assertThat(result.out() + result.err()).doesNotContain(SECRET);
        }
        assertNothingTellsTheSecret();
        assertThat(Files.readString(output.resolve("_manifest.json"))).contains("*********(redacted)");
    }

    @Test
    void optionsThatAUserRedactsInSparkAreHidden() throws IOException {
        Runner.spark().conf().set("spark.sql.redaction.options.regex", "(?i)kennwort");
        try {
            assertThat(run("Kennwort=" + SECRET).code()).isZero();
        } finally {
            Runner.spark().conf().unset("spark.sql.redaction.options.regex");
        }

        assertNothingTellsTheSecret();
    }

    @Test
    void onlyTheOwnerReadsFilesThatTellSettings() throws IOException {
        assertThat(run("multiLine=false").code()).isZero();

        for (String file : List.of("_plan.json", "_manifest.json")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(output.resolve("_manifest.json"))).contains("\"multiLine\" : \"false\"");
    }

    /** As the version before wrote it. */
    @Test
    void aPlanThatHoldsASecretDoesNotTellIt() throws IOException {
        assertThat(run("password=" + SECRET).code()).isZero();
        Path plan = output.resolve("_plan.json");
        Files.writeString(
                plan,
                Files.readString(plan).replaceFirst("password=\\*+\\(redacted\\) [0-9a-f]{16}", "password=" + SECRET));
        assertThat(Files.readString(plan)).contains(SECRET);
        Files.deleteIfExists(output.resolve("._plan.json.crc"));

        Result shown = Runner.run("runs", "show", output.toString());
        Result refused = run("password=" + SECRET);

        assertThat(shown.code()).isZero();
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("begin anew with --overwrite");
        assertThat(shown.out() + refused.err()).doesNotContain(SECRET);
    }

    @Test
    void aPasswordOfAPathIsNotSaid() {
        String url = "ftp://me:" + SECRET + "@127.0.0.1:1/corpus.txt";
        List<List<String>> commands = List.of(
                List.of("--input", url),
                List.of("--input", corpus.toString(), "--output", url),
                List.of("--input", corpus.toString(), "--output", url, "--output-format", "orc", "--overwrite"));
        for (List<String> command : commands) {
            Result result = Runner.fillMask(command.toArray(String[]::new));

            assertThat(result.code()).isNotZero();
            assertThat(result.out() + result.err()).doesNotContain(SECRET).contains("127.0.0.1");
        }
        Result merged = Runner.perplexity("--input", corpus.toString(), "--merge", url);
        assertThat(merged.code()).isNotZero();
        assertThat(merged.err()).doesNotContain(SECRET);
    }

    @Test
    void aTableDoesNotTellTheSecret() throws IOException {
        assertThat(run("password=" + SECRET, "--output-format", "orc").code()).isZero();

        assertNothingTellsTheSecret();
    }

    private void assertNothingTellsTheSecret() throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(SECRET);
            }
        }
    }

    private Result run(String option, String... more) {
        List<String> args = new ArrayList<>(
                List.of("--input", corpus.toString(), "--read-option", option, "--output", output.toString()));
        args.addAll(List.of(more));
        return Runner.fillMask(args.toArray(String[]::new));
    }
}
