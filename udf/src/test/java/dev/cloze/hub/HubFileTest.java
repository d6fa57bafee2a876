package dev.cloze.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubFileTest {
    @ParameterizedTest
    @ValueSource(strings = {"config.json", "onnx/model.onnx", "1_Pooling/config.json", "modèle.onnx", "模型.bin"})
    void pathsWithinARepositoryAreSafe(String path) {
        assertThat(HubFile.isSafe(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "a/../b",
                "a//b",
                "/a",
                "a\\b",
                "C:a",
                "a\u0000",
                "a\u001b[2J",
                "a\u007f",
                "a\u009b2J",
                "a\u202e",
                "a\u200b"
            })
    void pathsThatLeadElsewhereOrThatATerminalObeysAreNot(String path) {
        assertThat(HubFile.isSafe(path)).isFalse();
    }
}
