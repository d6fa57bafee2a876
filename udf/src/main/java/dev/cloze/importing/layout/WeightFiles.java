package dev.cloze.importing.layout;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names under which transformers saves a model's weights: one file, or shards and an index of them.
 *
 * @param name of the file when there is one
 */
public record WeightFiles(String name) {
    public static final WeightFiles SAFETENSORS = new WeightFiles("model.safetensors");
    /** PyTorch's own format. */
    public static final WeightFiles TORCH = new WeightFiles("pytorch_model.bin");

    /** Where there are weights, there is one of these files. */
    static final List<String> FIRST_FILES = List.of(SAFETENSORS.name, SAFETENSORS.index(), TORCH.name, TORCH.index());

    /** The file that tells which shard holds which tensor. */
    public String index() {
        return name + ".index.json";
    }

    /** Those of {@code paths} that hold the weights: the one file, or else the index and the shards; empty when there are none. */
    public List<String> among(List<String> paths) {
        if (paths.contains(name)) {
            return List.of(name);
        }
        int dot = name.lastIndexOf('.');
        Pattern shard = Pattern.compile(
                Pattern.quote(name.substring(0, dot)) + "-\\d+-of-\\d+" + Pattern.quote(name.substring(dot)));
        return Optional.of(index())
                .filter(paths::contains)
                .map(index -> Stream.concat(Stream.of(index), paths.stream().filter(shard.asMatchPredicate()))
                        .toList())
                .orElse(List.of());
    }
}
