package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.LogitsAtPositions;
import dev.cloze.importing.graph.OnnxFile;
import dev.cloze.importing.graph.TensorValues;
import dev.cloze.importing.graph.WithoutKvCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A masked language model whose weights can be changed.
 *
 * @param graph of the model, in which no parameter is there twice; other constants lie inside
 * @param logits its output
 * @param parameters what is trained, in the order of the graph
 * @param copies second copies of parameters in the model's file
 */
public record TrainableModel(
        OnnxMl.ModelProto graph, String logits, List<Parameter> parameters, List<TiedWeights.Copy> copies) {
    /** Reads the model in {@code file}, an ONNX graph, and its weights into memory. */
    public static TrainableModel read(Path file, String logits) {
        OnnxMl.ModelProto model = WithoutKvCache.rewrite(OnnxFile.withoutWeights(file), logits);
        return of(Opset.raised(model), file.toAbsolutePath().getParent(), logits);
    }

    private static TrainableModel of(OnnxMl.ModelProto model, Path directory, String logits) {
        OnnxMl.GraphProto graph = model.getGraph();
        Set<String> names = Activity.parameters(graph, logits);
        List<Parameter> all = graph.getInitializerList().stream()
                .filter(tensor -> names.contains(tensor.getName()))
                .map(tensor -> parameter(tensor, directory))
                .toList();
        List<TiedWeights.Copy> copies = TiedWeights.find(all, graph);
        Set<String> second = copies.stream().map(TiedWeights.Copy::name).collect(Collectors.toSet());
        OnnxMl.GraphProto.Builder shared =
                TiedWeights.shared(graph, copies).toBuilder().clearInitializer();
        for (OnnxMl.TensorProto tensor : graph.getInitializerList()) {
            if (!second.contains(tensor.getName())) {
                shared.addInitializer(
                        names.contains(tensor.getName()) ? tensor : TensorValues.inside(tensor, directory));
            }
        }
        List<Parameter> originals = all.stream()
                .filter(parameter -> !second.contains(parameter.name()))
                .toList();
        return new TrainableModel(model.toBuilder().setGraph(shared).build(), logits, originals, copies);
    }

    private static Parameter parameter(OnnxMl.TensorProto tensor, Path directory) {
        if (tensor.getDataType() != OnnxMl.TensorProto.DataType.FLOAT.getNumber()) {
            throw GradientRefusal.of("its weights \"" + tensor.getName() + "\" are "
                    + OnnxMl.TensorProto.DataType.forNumber(tensor.getDataType()) + ", not floats of 32 bits");
        }
        return new Parameter(tensor.getName(), TensorValues.shape(tensor), TensorValues.floats(tensor, directory));
    }

    /** Gradient graphs of the model, the one that computes least first; which of them are right is for the caller to find out. */
    public List<GradientGraph> gradients() {
        List<GradientGraph> graphs = new ArrayList<>();
        for (OnnxMl.ModelProto candidate : LogitsAtPositions.candidates(graph, logits)) {
            graphs.add(GradientGraph.of(candidate, parameters));
        }
        return graphs;
    }

    /** Values of all tensors of the model's file that training changed, by the name of the initialiser. */
    public Map<String, Parameter> trained() {
        Map<String, Parameter> byName = new LinkedHashMap<>();
        parameters.forEach(parameter -> byName.put(parameter.name(), parameter));
        for (TiedWeights.Copy copy : copies) {
            byName.put(copy.name(), copy.of(byName.get(copy.original())));
        }
        return byName;
    }
}
