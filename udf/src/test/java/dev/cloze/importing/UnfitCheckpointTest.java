package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a checkpoint is said in a sentence of its own. */
class UnfitCheckpointTest {
    @TempDir
    Path source;

    @TempDir
    Path target;

    @BeforeEach
    void copy() throws IOException {
        Exports.copyOf("checkpoints/bert", source);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model_type | \"t5\" | it comes as weights of the family \"t5\", and Cloze builds the networks of"
                        + " these families only: albert, bert,",
                "hidden_act | \"mish\" | its config.json asks for the activation mish, which Cloze does not build from"
                        + " weights; export the model to ONNX",
                "position_embedding_type | \"relative_key\" | asks for position_embedding_type \"relative_key\", which"
                        + " Cloze does not build",
                "is_decoder | true | asks for a decoder (is_decoder), which predicts each word from those on its left,"
                        + " which Cloze does not build from weights",
                "add_cross_attention | true | asks for cross attention (add_cross_attention)",
                "tie_word_embeddings | false | its weights have no tensor \"cls.predictions.decoder.weight\"; use a"
                        + " checkpoint",
                "num_hidden_layers | 3 | its weights have no tensor"
                        + " \"bert.encoder.layer.2.attention.self.query.weight\"; use a checkpoint",
                "num_hidden_layers | 1 | its weights have the tensor"
                        + " \"bert.encoder.layer.1.attention.output.LayerNorm.bias\" and 15 more, for which the network",
                "num_hidden_layers | 0 | says that num_hidden_layers is \"0\", not a whole number from 1 to 16777216",
                "num_hidden_layers | \"two\" | says that num_hidden_layers is \"\"two\"\", not a whole number",
                "num_attention_heads | 3 | divides 16 columns among 3 heads",
                "layer_norm_eps | \"small\" | says that layer_norm_eps is",
                "vocab_size | 11 | a language model has [logits], which is [batch, sequence, 11]",
            })
    void aConfigurationThatTheWeightsDoNotFitIsRefused(String key, String value, String why) throws Exception {
        Exports.changeJson(source.resolve(Bundle.CONFIG), json -> {
            try {
                json.set(key, new ObjectMapper().readTree(value));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThatThrownBy(() -> HuggingFaceExport.write(source, "unfit", target))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageStartingWith("Cannot import model " + source + ": ")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({"electra, is_decoder", "roberta, is_decoder", "electra, add_cross_attention"})
    void decodersOfOtherFamiliesAreRefusedAsWell(String family, String key) throws Exception {
        Path other = Exports.copyOf("checkpoints/" + family, source.resolve(family));
        Exports.changeJson(other.resolve(Bundle.CONFIG), json -> json.put(key, true));

        assertThatThrownBy(() -> HuggingFaceExport.write(other, "decoder", target))
                .hasMessageContaining("(" + key + ")");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deberta-v3 | legacy | true | no tensor \"cls.predictions.transform.dense.weight\"",
                "deberta-v2 | legacy | false | no tensor \"lm_predictions.lm_head.dense.weight\"",
                "deberta-v2 | pos_att_type | [\"c2p\",\"p2p\"] | asks for pos_att_type \"p2p\", which Cloze does not"
                        + " build",
            })
    void whatIsAskedOfDebertaAndNotThereIsRefused(String name, String key, String value, String why) throws Exception {
        Path deberta = Exports.copyOf("checkpoints/" + name, source.resolve(name));
        JsonNode changed = new ObjectMapper().readTree(value);
        Exports.changeJson(deberta.resolve(Bundle.CONFIG), json -> json.set(key, changed));

        assertThatThrownBy(() -> HuggingFaceExport.write(deberta, "deberta", target))
                .hasMessageContaining(why);
    }

    @Test
    void theDiscriminatorOfDebertaIsRefusedByName() throws Exception {
        Path deberta = Exports.copyOf("checkpoints/deberta-v3", source.resolve("deberta"));
        rename(
                deberta.resolve("model.safetensors"),
                "lm_predictions.lm_head.dense.weight",
                "mask_predictions.dense.weight");

        assertThatThrownBy(() -> HuggingFaceExport.write(deberta, "discriminator", target))
                .hasMessageContaining(
                        "asks for a DeBERTa-v3 discriminator (its weights have mask_predictions), which tells"
                                + " replaced words from others and predicts none");
    }

    /** Renames a tensor; blanks fill the header up to its length. */
    private static void rename(Path safetensors, String from, String to) throws IOException {
        String bytes = Files.readString(safetensors, StandardCharsets.ISO_8859_1);
        int end = Long.BYTES + (bytes.charAt(0) | bytes.charAt(1) << Byte.SIZE);
        String header = bytes.substring(Long.BYTES, end);
        String renamed = header.replace("\"" + from + "\"", "\"" + to + "\"");
        String filled = renamed + " ".repeat(header.length() - renamed.length());
        Files.writeString(
                safetensors,
                bytes.substring(0, Long.BYTES) + filled + bytes.substring(end),
                StandardCharsets.ISO_8859_1);
    }

    @Test
    void aShardThatIsMissingIsNamed() throws Exception {
        Path shards = Exports.copyOf("checkpoints/bert-shards", source.resolve("shards"));
        Files.delete(shards.resolve("model-00002-of-00002.safetensors"));

        assertThatThrownBy(() -> HuggingFaceExport.write(shards, "shards", target))
                .hasMessageContaining(
                        "it lacks the shard \"model-00002-of-00002.safetensors\"; download all files of the model");
    }

    @Test
    void anIndexThatLeadsOutOfTheDirectoryIsRefused() throws Exception {
        Files.move(source.resolve("model.safetensors"), source.resolve("elsewhere"));
        Files.writeString(
                source.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"w\":\"../secret.safetensors\"}}");

        assertThatThrownBy(() -> HuggingFaceExport.write(source, "led", target))
                .hasMessageContaining(
                        "names the file \"../secret.safetensors\" for the tensor \"w\": such a file is not read");
    }

    @Test
    void aGitLfsPointerInPlaceOfWeightsIsNamed() throws Exception {
        Files.writeString(
                source.resolve("model.safetensors"),
                "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");

        assertThatThrownBy(() -> HuggingFaceExport.write(source, "lfs", target))
                .hasMessageContaining("its model.safetensors is a Git LFS pointer");
    }

    @Test
    void anyChangeOfTheConfigurationIsARefusalOrHarmless(@TempDir Path many) throws Exception {
        byte[] sound = Files.readAllBytes(source.resolve(Bundle.CONFIG));
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            byte[] changed = sound.clone();
            changed[random.nextInt(changed.length)] = (byte) "0123456789-.\"x".charAt(random.nextInt(14));
            Files.write(source.resolve(Bundle.CONFIG), changed);
            Path place = Files.createDirectory(many.resolve(Integer.toString(i)));
            try {
                HuggingFaceExport.write(source, "changed", place);
            } catch (ClozeException e) {
                assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL);
            }
        }
    }
}
