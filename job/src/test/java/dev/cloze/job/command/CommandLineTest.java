package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an argument means, and what is said of a mistaken one. */
class CommandLineTest {

    @TempDir
    Path directory;

    @Test
    void anAtSignIsALetterAndNamesNoFileOfArguments() throws IOException {
        Path home = Files.writeString(directory.resolve("home"), "--top-k\n0\n");

        Result text = Runner.fillMaskOfAnything("--text", "@" + home, "--json");
        Result show = Runner.run("model", "show", "@" + home);

        assertThat(text.err()).contains("1 row (1 no-mask)");
        assertThat(show.err()).startsWith("cloze: Cannot open model @" + home);
    }

    @Test
    void anAtSignOfASettingIsALetter() throws IOException {
        Path home = Files.writeString(directory.resolve("home"), "--top-k\n0\n");
        Path config = Files.writeString(directory.resolve("c.conf"), "text = \"@" + home + "\"");

        assertThat(Runner.fillMaskOfAnything("--config", config.toString()).err())
                .contains("1 row (1 no-mask)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${sys:user.home}", "${env:HOME}", "\"a\"", "%n", "-5 degrees", "- a list", "'a'", "a,b"})
    void aTextIsWhatStandsThere(String text) {
        Result json = Runner.fillMask("--text=" + text + " [MASK]", "--targets", "the", "--json");

        assertThat(json.code()).as(json.err()).isZero();
        assertThat(Runner.fillMaskOfAnything("--text=" + text, "--json").err()).contains("1 row (1 ");
    }

    @Test
    void anEmptyTextIsARow() {
        assertThat(Runner.fillMaskOfAnything("--text=").err()).contains("1 row (1 empty)");
        assertThat(Runner.fillMaskOfAnything("--text", "").err()).contains("1 row (1 empty)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fil-mask|Cannot run cloze: there is no command fil-mask, did you mean fill-mask?",
                "modle show|there is no command modle, did you mean model?",
                "model imprt x|Cannot run model: there is no command imprt, did you mean import?",
                "fill-mask --text a --inptu a|there is no option --inptu, did you mean --input?",
                "fill-mask --input a --topk=5|there is no option --topk, did you mean --top-k?",
                "fill-mask --input a --topk 5|there is no option --topk, did you mean --top-k?",
                "fill-mask --text a --output --overwrit|there is no option --overwrit, did you mean --overwrite?",
                "fill-mask --text a -- --json|--json stands behind --, where there are no options any more",
                "fill-mask --text a b|there is an argument too many: b",
                "fill-mask --text a --long windw|--long must be one of window, truncate, fail, it is windw",
                "help modl|there is no command modl, did you mean model?",
                "help model imprt|there is no command imprt, did you mean import?",
                "completion fish|SHELL must be bash or zsh, it is fish",
                "model|there is no command, name one of import, list, show, export, push, remove"
            })
    void aSlipIsNamedWithWhatWasProbablyMeant(String line, String said) {
        Result result = Runner.run(line.split(" "));

        assertThat(result.err()).startsWith("cloze: Cannot run ").contains(said).doesNotContain("problems:");
        assertThat(result.code()).isEqualTo(2);
    }

    @Test
    void controlCharactersOfArgumentsAreShown() {
        String hostile = "5\u001b[2J\u009b\u202e\u2066\u200b\n\r";

        for (String[] line : List.of(
                new String[] {"fill-mask", "--text", "a", "--top-k", hostile},
                new String[] {hostile},
                new String[] {"fill-mask", "--" + hostile},
                new String[] {"model", "show", hostile},
                new String[] {"runs", "show", hostile},
                new String[] {"fill-mask", "--text", "a", "--set", hostile},
                new String[] {"fill-mask", "--text", "a", "--config", hostile},
                new String[] {"fill-mask", "--text", "a", "--device", hostile})) {
            Result result = Runner.run(line);

            assertThat(result.err()).contains("\\u001b[2J\\u009b\\u202e\\u2066\\u200b");
            assertThat(result.err() + result.out())
                    .doesNotContain("\u001b", "\u009b", "\u202e", "\u2066", "\u200b", "\r", "a bug of Cloze");
            assertThat(result.code()).isNotIn(0, 1);
        }
    }

    @Test
    void controlCharactersOfTextsAreShownInTablesAndKeptInJson() throws IOException {
        String text = "a\u001b[2J\u202e [MASK]";
        Path corpus = Files.writeString(directory.resolve("c.txt"), text + "\n");

        Result table = Runner.fillMask("--input", corpus.toString(), "--keep", "value", "--top-k", "1");
        Result json = Runner.fillMask("--input", corpus.toString(), "--keep", "value", "--json");

        assertThat(table.out()).doesNotContain("\u001b", "\u202e");
        assertThat(json.out()).doesNotContain("\u001b", "\u202e");
        assertThat(json.json().get(0).path("value").asText()).isEqualTo(text);
    }

    @Test
    void aValueOfTheEnvironmentIsNotShown() throws IOException {
        String secret = System.getenv("PATH");
        Path config = Files.writeString(
                directory.resolve("c.conf"),
                "top-k = ${PATH}\ndevice = ${PATH}\nformat = ${PATH}\nread-option { password = hunter22 }");

        Result result = Runner.fillMask("--config", config.toString(), "--input", "hunter22");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .doesNotContain(secret, "hunter22")
                .contains(config + ": --top-k must be a whole number from 1 to 10000, it is ${PATH}")
                .contains("it is ${PATH}");
    }

    @Test
    void aSecretOfTheCommandLineIsNotShown() {
        Result result = Runner.fillMask(
                "--input", "hunter22-is-no-file", "--format", "jdbc", "--read-option", "password=hunter22");

        assertThat(result.code()).isNotZero();
        assertThat(result.err()).doesNotContain("hunter22");
    }

    @Test
    void withoutArgumentsThereIsHelp() {
        Result bare = Runner.run();

        assertThat(bare.code()).isZero();
        assertThat(bare.err()).isEmpty();
        assertThat(bare.out())
                .startsWith("Usage: cloze [OPTIONS] [COMMAND]")
                .isEqualTo(Runner.run("--help").out());
    }

    @Test
    void helpOfACommandIsThatOfItsOption() {
        assertThat(Runner.run("help", "fill-mask").out())
                .isEqualTo(Runner.run("fill-mask", "--help").out());
        assertThat(Runner.run("help", "model", "import").out())
                .isEqualTo(Runner.run("model", "import", "--help").out());
        assertThat(Runner.run("help").out()).isEqualTo(Runner.run().out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fill-mask", "perplexity", "embed", "augment"})
    void helpHasSectionsThenExamplesThenExitCodes(String command) {
        String help = Runner.run(command, "--help").out();

        assertThat(help)
                .containsSubsequence(
                        "\nCorpus:\n",
                        "--input",
                        "\nModel:\n",
                        "--model",
                        "\nOutput:\n",
                        "--output",
                        "\nEngine:\n",
                        "--batch-tokens",
                        "\nSettings:\n",
                        "--config",
                        "\nExamples:\n",
                        "\nExit codes:\n",
                        "  0 ",
                        "  4 ");
        assertThat(help.lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "doctor", "runs show", "model import", "model show", "help", "completion"})
    void everyHelpHasExamplesAndExitCodes(String command) {
        String help = Runner.run(("help " + command).strip().split(" ")).out();

        assertThat(help).containsSubsequence("Usage: cloze", "\nExamples:\n  ", "\nExit codes:\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cloze fi|fill-mask",
                "cloze fill-mask --text-|--text-column",
                "cloze fill-mask --long w|window",
                "cloze fill-mask --targets-mode h|hf",
                "cloze perplexity --method mlm --masking b|bert",
                "cloze fill-mask --input pom|pom.xml",
                "cloze fill-mask --config pom|pom.xml",
                "cloze perplexity --method pll-|pll-word",
                "cloze model im|import",
                "/opt/bin/cloze augment --action ins|insert"
            })
    void bashCompletesCommandsOptionsAndTheirValues(String typed, String completed) throws Exception {
        Path script = Files.writeString(
                directory.resolve("completion"),
                Runner.run("completion", "bash").out());
        String line = "source '" + script + "'; COMP_WORDS=(" + typed + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                + " _complete_cloze; printf '%s\\n' \"${COMPREPLY[@]}\"";

        Result bash = new Processes(directory).finish(new ProcessBuilder("bash", "--norc", "-c", line));

        assertThat(bash.out().lines().map(String::strip)).as(bash.err()).contains(completed);
    }

    @Test
    void helpAndVersionAnswerOnStandardOutput() {
        assertThat(Runner.run("fill-mask", "--help").out()).startsWith("Usage: cloze fill-mask");
        assertThat(Runner.run("--version").out()).startsWith("cloze ");
        assertThat(Runner.run("fil-mask").err()).contains("did you mean fill-mask?");
    }
}
