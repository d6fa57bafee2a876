package dev.cloze.importing.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.importing.Exports;
import dev.cloze.importing.HuggingFaceExport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** model.onnx, tokenizer.json and config.json are enough; what transformers takes by default is the reference. */
class SpecialTokensTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exports/albert",
                "exports/bert",
                "exports/deberta-v2",
                "exports/distilbert",
                "exports/electra",
                "exports/modernbert",
                "exports/mpnet",
                "exports/roberta",
                "exports/xlm-roberta",
                "causal/gpt2",
                "causal/llama"
            })
    void threeFilesGiveTheSameModel(String name) throws Exception {
        Path whole = Exports.copyOf(name, directory.resolve("whole"));
        Path three = Files.createDirectories(directory.resolve("three"));
        for (String file : List.of(Bundle.MODEL, Bundle.TOKENIZER, Bundle.CONFIG)) {
            Files.copy(whole.resolve(file), three.resolve(file));
        }

        Manifest expected = write(whole, "a").manifest();
        Manifest found = write(three, "b").manifest();

        assertThat(found.maskToken()).isEqualTo(expected.maskToken());
        assertThat(found.startToken()).isEqualTo(expected.startToken());
        assertThat(found.kind()).isEqualTo(expected.kind());
        assertThat(found.positionLimit()).isEqualTo(expected.positionLimit());
        assertThat(found.files()).isEqualTo(expected.files());
    }

    private Bundle write(Path source, String target) throws Exception {
        return HuggingFaceExport.write(source, "model", Files.createDirectories(directory.resolve(target)));
    }

    @ParameterizedTest
    @CsvSource({"bert, [MASK], [PAD]", "roberta, <mask>, <pad>", "xlm-roberta, <mask>, <pad>", "unknown, [MASK], [PAD]"
    })
    void whereBothSpellingsAreThereTheFamilyDecides(String family, String mask, String pad) throws Exception {
        SpecialTokens tokens = tokens(
                "{}",
                "{'added_tokens': [{'id': 0, 'content': '<mask>'}, {'id': 1, 'content': '[MASK]'}],"
                        + " 'model': {'vocab': {'<pad>': 2, '[PAD]': 3}}}",
                "{'model_type': '" + family + "'}");

        assertThat(tokens.text(SpecialTokens.MASK)).contains(mask);
        assertThat(tokens.text(SpecialTokens.PAD)).contains(pad);
    }

    @Test
    void whatTheFilesNameCounts() throws Exception {
        SpecialTokens tokens = tokens(
                "{'mask_token': {'content': '<hole>'}, 'pad_token': null, 'bos_token': null, 'eos_token': '<end>'}",
                "{'added_tokens': [{'id': 0, 'content': '[MASK]'}, {'id': 1, 'content': '[PAD]'}, {'id': 2, 'content':"
                        + " '<s>', 'special': true}]}",
                "{'bos_token_id': 2}");

        assertThat(tokens.text(SpecialTokens.MASK)).contains("<hole>");
        assertThat(tokens.text(SpecialTokens.PAD)).isEmpty();
        assertThat(tokens.start()).contains("<end>");
    }

    @Test
    void theConfigurationsIdsOfSpecialTokensCountBeforeWhatIsUsual() throws Exception {
        SpecialTokens tokens = tokens(
                "{}",
                "{'added_tokens': [{'id': 0, 'content': '<s>', 'special': true}, {'id': 2, 'content': '</s>', 'special':"
                        + " true}]}",
                "{'model_type': 'opt', 'bos_token_id': 2}");

        assertThat(tokens.start()).contains("</s>");
    }

    private static SpecialTokens tokens(String named, String tokenizer, String config) throws Exception {
        return new SpecialTokens(List.of(json(named)), json(tokenizer), json(config));
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
