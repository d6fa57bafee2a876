package dev.cloze.hub;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What was fetched of a model.
 *
 * @param directory with the files of one commit
 * @param commit of the repository
 * @param graph the ONNX file to be imported, in that directory; absent of a model that comes as weights
 * @param export the plain ONNX export that the repository has beside the weights, which was not fetched
 * @param licence that its authors name
 */
public record Snapshot(
        Path directory, String commit, Optional<String> graph, Optional<String> export, Optional<String> licence) {}
