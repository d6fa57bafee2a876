package dev.cloze.importing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that torch.save wrote ({@code src/test/python/checkpoints.py}), and what a stranger may make of them. */
class TorchFileTest {
    private static final Subject SUBJECT = new Subject("import model x");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"bert-bin", "bert-bin-2019"})
    void tensorsAreThoseOfTheSameModelAsSafetensors(String name) throws Exception {
        Weights torch = open(resource(name));

        assertThat(torch.names()).contains("bert.embeddings.word_embeddings.weight", "cls.predictions.decoder.weight");
        assertThat(torch.tensor("bert.embeddings.LayerNorm.weight").shape()).containsExactly(16);
        assertThat(torch.tensor("cls.predictions.decoder.weight").inRows())
                .isEqualTo(
                        torch.tensor("bert.embeddings.word_embeddings.weight").inRows());
    }

    /** Protocol 2, a name, no arguments, a call. */
    @ParameterizedTest
    @CsvSource({
        "os, system",
        "builtins, eval",
        "torch._utils, _rebuild_tensor_v3",
        "collections, Counter",
        "torch, XStorage"
    })
    void aPickleThatCallsSomethingElseIsRefusedByName(String module, String function) throws Exception {
        Path file = zip("\u0080\u0002c" + module + "\n" + function + "\n)R.", ZipEntry.STORED);

        assertThatThrownBy(() -> open(file))
                .hasMessage("Cannot import model x: its pytorch_model.bin cannot be read: it calls " + module + "."
                        + function
                        + " in Python, which could do anything: it is not called; save the model as safetensors:"
                        + " model.save_pretrained(DIRECTORY)");
    }

    @ParameterizedTest
    @CsvSource({
        "\u0080\u0004., protocol 4",
        "i, the pickle operation 0x69",
        "o, the pickle operation 0x6f",
        "\u0081, the pickle operation 0x81",
        "\u0093, the pickle operation 0x93",
        "X\u00ff\u00ff\u00ff\u007f, a text of 2147483647 bytes",
        "\u0080\u0002]q\u0000h\u0000a., not a state dictionary",
        "h\u0005., not one of a state dictionary",
        "t., not one of a state dictionary",
        "., not one of a state dictionary",
        "}K\u0001K\u0002s., it holds more than the tensors",
        "}(K\u0001u., not one of a state dictionary",
        "}}K\u0002s., not one of a state dictionary"
    })
    void aPickleThatStateDictionariesDoNotNeedIsRefused(String pickle, String why) throws Exception {
        Path file = zip(pickle, ZipEntry.STORED);

        assertThatThrownBy(() -> open(file)).isInstanceOf(ClozeException.class).hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "K\u0005, K\u0002\u0085, K\u0001\u0085, a part behind the storage's end",
        "K\u0000, K\u0004\u0085, K\u0002\u0085, steps over its end",
        "K\u0000, J\u00ff\u00ff\u00ff\u007f\u0085, K\u0000\u0085, more elements than the storage has",
        "K\u0000, J\u00ff\u00ff\u00ff\u00ff\u0085, K\u0001\u0085, a negative size",
        "K\u0000, K\u0002\u0085, ), no strides"
    })
    void aTensorOutsideOfItsStorageIsRefused(String offset, String shape, String strides, String how) throws Exception {
        String storage = "(X\u0007\u0000\u0000\u0000storagectorch\n"
                + "FloatStorage\n"
                + "X\u0001\u0000\u0000\u00000X\u0003\u0000\u0000\u0000cpuK\u0006tQ";
        Path file = zip(
                "\u0080\u0002}X\u0001\u0000\u0000\u0000wctorch._utils\n_rebuild_tensor_v2\n(" + storage + offset + shape
                        + strides + "\u0089}tRs.",
                ZipEntry.STORED);

        assertThatThrownBy(() -> open(file)).as(how).isInstanceOf(ClozeException.class);
    }

    @Test
    void compressedPartsAreNotUnpacked() throws Exception {
        Path file = zip("\u0080\u0002}.", ZipEntry.DEFLATED);

        assertThatThrownBy(() -> open(file))
                .hasMessageContaining("it has compressed parts, which PyTorch does not write");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-bin", "bert-bin-2019"})
    void anyChangeOfTheFileIsARefusalOrHarmless(String name) throws Exception {
        byte[] sound = Files.readAllBytes(resource(name));
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = sound.clone();
            for (int c = random.nextInt(4); c >= 0; c--) {
                // The pickle is at the beginning, the directory of a zip at the end.
                int at = random.nextInt(6_000);
                changed[random.nextBoolean() ? at : changed.length - 1 - at] = (byte) random.nextInt();
            }
            Path file = Files.write(directory.resolve("f"), changed);
            try {
                Weights weights = open(file);
                weights.tensor(weights.names().iterator().next());
            } catch (ClozeException e) {
                assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL);
            }
        }
    }

    private static Weights open(Path file) {
        return TorchFile.open(file, "pytorch_model.bin", SUBJECT);
    }

    private static Path resource(String name) throws Exception {
        return Path.of(TorchFileTest.class
                .getResource("/dev/cloze/checkpoints/" + name + "/pytorch_model.bin")
                .toURI());
    }

    private Path zip(String pickle, int method) throws IOException {
        Path file = directory.resolve("pytorch_model.bin");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            add(zip, "archive/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1), method);
            add(zip, "archive/data/0", new byte[24], ZipEntry.STORED);
        }
        return file;
    }

    private static void add(ZipOutputStream zip, String name, byte[] bytes, int method) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        entry.setCrc(sum.getValue());
        entry.setSize(bytes.length);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
