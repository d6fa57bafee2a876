package dev.cloze.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubNameTest {
    @ParameterizedTest
    @CsvSource({
        "hf:distilbert/distilroberta-base, distilbert/distilroberta-base, main",
        "hf:org/name@v1.0, org/name, v1.0",
        "hf:org/name@refs/pr/12, org/name, refs/pr/12",
        "hf:Org_1/Na-me.2@feature/x, Org_1/Na-me.2, feature/x",
        "hf:_org/name_, _org/name_, main",
        "hf:org/name@0123456789abcdef0123456789abcdef01234567, org/name, 0123456789abcdef0123456789abcdef01234567"
    })
    void aNameIsTheRepositoryAndARevision(String text, String repository, String revision) {
        HubName name = HubName.parse(text);

        assertThat(name.repository()).isEqualTo(repository);
        assertThat(name.revision()).isEqualTo(revision);
        assertThat(name).hasToString(text);
    }

    /** The first ones are those of huggingface_hub's test_validators.py. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf:datasets/foo/bar",
                "hf:foo/.repo_id",
                "hf:foo/foo--bar",
                "hf:foo/foo.git",
                "hf:foo/foo..bar",
                "hf:foo/bar-",
                "hf:gpt2",
                "hf:",
                "hf:/",
                "hf:org/",
                "hf:/name",
                "hf:org/na me",
                "hf:org/name\n",
                "hf:../name",
                "hf:org/..",
                "hf:org/name@",
                "hf:org/name@../../x",
                "hf:org/name@/x",
                "hf:org/name@a//b",
                "hf:org/name@a/.hidden",
                "hf:org/name@-x",
                "hf:org/name@a b",
                "hf:org/name@a\nb",
                "hf:org/name@a@b",
                "hf:https://huggingface.co/org/name",
                "hf:org/café"
            })
    void whatNoHubCanHaveIsRefused(String text) {
        assertThatThrownBy(() -> HubName.parse(text))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.USER))
                .hasMessageStartingWith("Cannot use the model " + text)
                .hasMessageEndingWith("; write it as on the page of the model, such as hf:FacebookAI/roberta-base");
    }

    @Test
    void theLongestNameHas96Characters() {
        assertThat(HubName.parse("hf:o/" + "n".repeat(94)).repository()).hasSize(96);
        assertThatThrownBy(() -> HubName.parse("hf:o/" + "n".repeat(95)))
                .hasMessageContaining("more than 96 characters");
    }
}
