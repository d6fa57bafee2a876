package dev.cloze.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables mean what they mean to huggingface_hub (its constants.py). */
class HubSettingsTest {
    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({
        "HOME=x, .cache/huggingface/hub",
        "XDG_CACHE_HOME=~/xdg, xdg/huggingface/hub",
        "HF_HOME=~/hf, hf/hub",
        "HF_HOME=~/hf XDG_CACHE_HOME=~/xdg, hf/hub",
        "HF_HUB_CACHE=~/models HF_HOME=~/hf, models",
        "HF_HOME=, .cache/huggingface/hub"
    })
    void theCacheIsThatOfThePythonClient(String variables, String cache) {
        assertThat(settings(variables).cache()).isEqualTo(home.resolve(cache));
    }

    @Test
    void theHubIsHuggingFaceUnlessAnotherOneIsNamed() {
        assertThat(settings("A=b").endpoint()).hasToString("https://huggingface.co");
        assertThat(settings("HF_ENDPOINT=https://mirror.example/hf/").endpoint())
                .hasToString("https://mirror.example/hf");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"huggingface.co", "ftp://a.b", "https://me:secret@a.b", "https://", "https://a.b?x=y", "a|b"})
    void anAddressThatIsNoneIsRefusedAndNotShown(String endpoint) {
        assertThatThrownBy(() -> settings("HF_ENDPOINT=" + endpoint))
                .hasMessage("Cannot use HF_ENDPOINT: it is not the address of a hub; write one such as"
                        + " https://huggingface.co, without user and password");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "ON, true", "yes, true", "True, true", "0, false", "off, false", "'', false"})
    void aVariableIsSetWhenItSaysSo(String value, boolean offline) {
        assertThat(settings("HF_HUB_OFFLINE=" + value).offline().isPresent()).isEqualTo(offline);
        assertThat(settings("TRANSFORMERS_OFFLINE=" + value).offline().isPresent())
                .isEqualTo(offline);
    }

    @Test
    void theTokenOfTheVariableComesBeforeThatOfTheFile() throws IOException {
        Path file = Files.writeString(home.resolve("other"), "from-file");
        Files.writeString(
                Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token"), "from-home\n");

        assertThat(token("A=b")).isEqualTo("from-home");
        assertThat(token("HF_TOKEN_PATH=" + file)).isEqualTo("from-file");
        assertThat(token("HF_TOKEN=from-variable HF_TOKEN_PATH=" + file)).isEqualTo("from-variable");
        assertThat(settings("HF_TOKEN=from-variable HF_HUB_DISABLE_IMPLICIT_TOKEN=1")
                        .token())
                .isEmpty();
    }

    @Test
    void aTokenShowsWhereItIsAndNotWhatItIs() {
        assertThat(settings("HF_TOKEN=hf_secret").toString())
                .contains("the token in HF_TOKEN")
                .doesNotContain("hf_secret");
    }

    private String token(String variables) {
        return settings(variables).token().orElseThrow().secret();
    }

    private HubSettings settings(String variables) {
        Map<String, String> environment = Arrays.stream(variables.split(" "))
                .map(variable -> variable.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return HubSettings.of(environment, home);
    }
}
