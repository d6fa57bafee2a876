package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.graph.ExternalData;
import dev.cloze.importing.graph.GraphCheck;
import dev.cloze.importing.graph.OnnxFile;
import dev.cloze.importing.source.OtherContent;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the files of an export into a bundle.
 *
 * @param files of the export
 * @param subject of refusals
 */
record ExportFiles(SourceDirectory files, Subject subject) {
    private static final long MEGABYTE = 1 << 20;

    /**
     * Writes what describes the model.
     *
     * @param tokenizer what stands in for the file; absent for a copy of it
     */
    void writeDescriptions(Optional<JsonNode> tokenizer, Path target) {
        try {
            if (tokenizer.isPresent()) {
                Files.writeString(
                        target.resolve(Bundle.TOKENIZER), tokenizer.get().toString());
            } else {
                Files.copy(files.find(Bundle.TOKENIZER).orElseThrow(), target.resolve(Bundle.TOKENIZER));
            }
            Files.copy(files.find(Bundle.CONFIG).orElseThrow(), target.resolve(Bundle.CONFIG));
        } catch (IOException e) {
            throw uncopied(target, String.valueOf(e), e);
        }
    }

    /** Copies the graph and its weights, each checked before; the graph as it lies in {@code target} then, under its file names there. */
    OnnxMl.ModelProto copyGraph(String place, Path target) {
        Path graph = files.find(place).orElseThrow();
        OtherContent.refuse(graph, place, subject);
        OtherContent.refuseText(graph, place, subject);
        Path copied = target.resolve(Bundle.MODEL);
        try {
            Files.copy(graph, copied);
            OnnxMl.ModelProto model = OnnxFile.whole(copied, place, subject);
            GraphCheck.require(model, subject);
            String folder = place.substring(0, place.lastIndexOf('/') + 1);
            ExternalData weights = ExternalData.of(model, files, folder, subject);
            requireRoom(weights.files().values(), target);
            for (Map.Entry<String, Path> file : weights.files().entrySet()) {
                Files.copy(file.getValue(), target.resolve(file.getKey()));
            }
            OnnxMl.ModelProto renamed = weights.renamed(model);
            if (renamed != model) {
                replace(copied, renamed);
            }
            return renamed;
        } catch (IOException e) {
            throw uncopied(target, String.valueOf(e), e);
        }
    }

    private static void replace(Path graph, OnnxMl.ModelProto model) throws IOException {
        Path written = graph.resolveSibling(Bundle.MODEL + ".renamed");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(written))) {
            model.writeTo(out);
        }
        // The graph's weights are still read from the file as it was.
        Files.move(written, graph, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A file may declare any size and take no room where it is. */
    private void requireRoom(Collection<Path> weights, Path target) throws IOException {
        long needed = 0;
        for (Path file : weights) {
            needed += Files.size(file);
        }
        long free = Files.getFileStore(target).getUsableSpace();
        if (needed < 0 || needed > free) {
            throw uncopied(
                    target, "its weights have " + needed / MEGABYTE + " MB, " + free / MEGABYTE + " MB are free", null);
        }
    }

    private ClozeException uncopied(Path target, String why, IOException cause) {
        return ClozeException.resources(
                subject.action() + " into " + target, why, "make the files readable and room there", cause);
    }
}
