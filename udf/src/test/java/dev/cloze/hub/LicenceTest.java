package dev.cloze.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LicenceTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "license: apache-2.0, apache-2.0",
        "license: 'mit', mit",
        "license: \"cc-by-4.0\", cc-by-4.0",
        "license: other|license_name: my-own, my-own",
        "license_name: my-own|license: other, my-own",
        "language: en|license: mit|tags:|- bert, mit"
    })
    void theHeaderOfTheReadmeNamesIt(String header, String licence) throws IOException {
        assertThat(Licence.in(readme("---\n" + header.replace('|', '\n') + "\n---\n# Model\n")))
                .contains(licence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "license: mit\n",
                "# Model\n---\nlicense: mit\n---\n",
                "---\n---\nlicense: mit\n",
                "---\nlicense:\n- mit\n---\n",
                "---\nlicense:  \n---\n",
                "---\nlicense: a\u001bb\n---\n"
            })
    void otherwiseNobodyNamesIt(String text) throws IOException {
        assertThat(Licence.in(readme(text))).isEmpty();
    }

    @Test
    void aReadmeThatIsNotThereOrNoTextNamesNone() throws IOException {
        assertThat(Licence.in(directory.resolve("none"))).isEmpty();
        assertThat(Licence.in(
                        Files.write(directory.resolve("bytes"), new byte[] {'-', '-', '-', '\n', (byte) 0xff, '\n'})))
                .isEmpty();
    }

    private Path readme(String text) throws IOException {
        return Files.writeString(directory.resolve("README.md"), text);
    }
}
