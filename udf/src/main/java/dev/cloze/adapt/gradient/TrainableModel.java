package dev.cloze.adapt.gradient;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.graph.LogitsAtPositions;
import dev.cloze.importing.graph.OnnxFile;
import dev.cloze.importing.graph.TensorValues;
import dev.cloze.importing.graph.WithoutKvCache;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A masked language model whose weights can be changed.
 *
 * @param graph of the model, in which no parameter is there twice; other constants lie inside
 * @param logits its output
 * @param parameters what is trained, in the order of the graph
 * @param frozen what could be trained and is not
 * @param copies second copies of parameters in the model's file
 */
public record TrainableModel(
        OnnxMl.ModelProto graph,
        String logits,
        List<Parameter> parameters,
        List<Parameter> frozen,
        List<TiedWeights.Copy> copies) {
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
        Map<Boolean, List<Parameter>> originals = all.stream()
                .filter(parameter -> !second.contains(parameter.name()))
                .collect(Collectors.partitioningBy(SinusoidalTable::is));
        return new TrainableModel(
                model.toBuilder().setGraph(shared).build(), logits, originals.get(false), originals.get(true), copies);
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
        return LogitsAtPositions.candidates(graph, logits).stream()
                .map(candidate -> GradientGraph.of(candidate, parameters, frozen))
                .toList();
    }

    /** The same with places where values can be dropped. */
    public List<GradientGraph> gradientsWithDropout() {
        return LogitsAtPositions.candidates(graph, logits).stream()
                .map(candidate -> GradientGraph.withDropout(candidate, parameters, frozen))
                .toList();
    }

    /** The same model, of which the parameters with these names stay as they are. */
    public TrainableModel withFrozen(Set<String> names) {
        Map<Boolean, List<Parameter>> divided =
                parameters.stream().collect(Collectors.partitioningBy(parameter -> names.contains(parameter.name())));
        List<Parameter> all =
                Stream.concat(frozen.stream(), divided.get(true).stream()).toList();
        return new TrainableModel(graph, logits, divided.get(false), all, copies);
    }

    /** All parameters, whether they are trained or not. */
    public List<Parameter> all() {
        return Stream.concat(parameters.stream(), frozen.stream()).toList();
    }

    /** Values of all tensors of the model's file that training changed, by the name of the initialiser. */
    public Map<String, Parameter> trained() {
        Map<String, Parameter> byName = new LinkedHashMap<>();
        parameters.forEach(parameter -> byName.put(parameter.name(), parameter));
        for (TiedWeights.Copy copy : copies) {
            Parameter original = byName.get(copy.original());
            if (original != null) {
                byName.put(copy.name(), copy.of(original));
            }
        }
        return byName;
    }
}
