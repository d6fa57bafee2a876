package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.BinCloze;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.job.testing.SparkJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Letters beyond ASCII, whatever the locale is: that of cron and of containers has none. */
class LocaleIT {
    private static final String TEXT = "Grüße aus 東京 [MASK]";

    @TempDir
    Path directory;

    @Test
    void answersAndNamesOfFilesAreThoseOfUtf8() throws Exception {
        Path corpora = Files.createDirectory(directory.resolve("Übung"));
        Files.writeString(corpora.resolve("Ärger 東京.txt"), TEXT + "\n");
        List<String> ofFiles = List.of("--input", corpora.toString(), "--keep", "value", "--json");
        String expected = finish("LC_ALL", "C.UTF-8", ofFiles);

        assertThat(expected).contains("Grüße aus 東京");
        assertThat(finish("LC_ALL", "C", ofFiles)).isEqualTo(expected);
        assertThat(finish("LC_CTYPE", "POSIX", ofFiles)).isEqualTo(expected);
        assertThat(finish("LANG", "xx_XX.UTF-8", ofFiles)).isEqualTo(expected);
    }

    @Test
    void textsOfTheCommandLineAreThoseOfUtf8() throws Exception {
        List<String> ofText = List.of("--text", TEXT, "--json");

        assertThat(finish("LC_ALL", "C", ofText)).contains("\"score\"").isEqualTo(finish("LC_ALL", "C.UTF-8", ofText));
    }

    @Test
    void executorsReadUtf8() throws Exception {
        Path corpus = Files.writeString(directory.resolve("Ärger.txt"), TEXT + "\n");
        ProcessBuilder run = BinCloze.command(
                "--master",
                "local-cluster[1,1,1024]",
                "doctor",
                "--model",
                Runner.tiny().directory().toAbsolutePath().toString());
        in(run, "LC_ALL", "C");

        Result doctor = new Processes(directory).finish(run);

        assertThat(corpus).exists();
        assertThat(doctor.out())
                .containsPattern("encoding +driver +ok +UTF-8")
                .containsPattern("encoding +executor 0.* +ok +UTF-8");
        assertThat(doctor.code()).as(doctor.err()).isZero();
    }

    @Test
    void withoutBinClozeALostLetterIsRefused() throws Exception {
        ProcessBuilder run = SparkJvm.submit(
                SparkJvm.onnxRuntime(),
                List.of(
                        "fill-mask",
                        "--model",
                        Runner.tiny().directory().toAbsolutePath().toString(),
                        "--text",
                        TEXT));
        in(run, "LC_ALL", "C");

        Result result = new Processes(directory).finish(run);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("Cannot read the command line: the locale makes Java read it in ANSI_X3.4-1968")
                .contains("set LC_ALL=C.UTF-8 in the environment");
    }

    private String finish(String variable, String locale, List<String> arguments) throws Exception {
        ProcessBuilder run = BinCloze.command(
                "fill-mask",
                "--model",
                Runner.tiny().directory().toAbsolutePath().toString());
        run.command().addAll(arguments);
        in(run, variable, locale);
        Result result = new Processes(directory).finish(run);
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    private static void in(ProcessBuilder run, String variable, String locale) {
        run.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        run.environment().putAll(Map.of(variable, locale));
    }
}
