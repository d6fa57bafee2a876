package dev.cloze.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.Runner.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Letters beyond ASCII, whatever the locale is: that of cron and of containers has none. */
class LocaleIT {
    private static final String TEXT = "Grüße aus 東京 [MASK]";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"LC_ALL,C", "LC_ALL,POSIX", "LC_CTYPE,C", "LANG,xx_XX.UTF-8"})
    void answersAndNamesOfFilesAreThoseOfUtf8(String variable, String locale) throws Exception {
        Path corpora = Files.createDirectory(directory.resolve("Übung"));
        Files.writeString(corpora.resolve("Ärger 東京.txt"), TEXT + "\n");
        List<String> ofText = List.of("--text", TEXT, "--json");
        List<String> ofFiles = List.of("--input", corpora.toString(), "--keep", "value", "--json");

        assertThat(finish(variable, locale, ofText))
                .contains("\"score\"")
                .isEqualTo(finish("LC_ALL", "C.UTF-8", ofText));
        assertThat(finish(variable, locale, ofFiles))
                .contains("Grüße aus 東京")
                .isEqualTo(finish("LC_ALL", "C.UTF-8", ofFiles));
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

        Result doctor = new Processes(directory).finish(Processes.shortLived(run));

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

        Result result = new Processes(directory).finish(Processes.shortLived(run));

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
        Result result = new Processes(directory).finish(Processes.shortLived(run));
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    private static void in(ProcessBuilder run, String variable, String locale) {
        run.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        run.environment().putAll(Map.of(variable, locale));
    }
}
