package dev.cloze.importing.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.OtherContent;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Weights in several files, the shards, with an index that says which tensor is in which. */
final class Shards implements Weights {
    private static final String MAP = "weight_map";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");
    private static final int MOST_SHARDS = 1000;

    private final Map<String, Weights> byTensor = new TreeMap<>();

    private Shards() {}

    /** How one shard is opened. */
    interface Opener {
        Weights open(Path file, String name, Subject subject);
    }

    /** The weights that the index in the file {@code index} of {@code files} lists. */
    static Weights open(SourceDirectory files, String index, Opener opener, Subject subject) {
        JsonNode map = files.json(index).orElseThrow().path(MAP);
        Map<String, Weights> shards = new TreeMap<>();
        Shards weights = new Shards();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String shard = entry.getValue().asText();
            if (!PLAIN.matcher(shard).matches() || shards.size() > MOST_SHARDS) {
                throw subject.refuse(
                        "its " + index + " names the file " + Subject.shown(shard) + " for the tensor "
                                + Subject.shown(entry.getKey()) + ": such a file is not read",
                        "put the index there that was saved with the model");
            }
            Weights opened = shards.computeIfAbsent(shard, name -> shard(files, name, opener, subject));
            if (!opened.names().contains(entry.getKey())) {
                throw subject.refuse(
                        "its " + index + " says that " + Subject.shown(shard) + " has the tensor "
                                + Subject.shown(entry.getKey()) + ", which it has not",
                        "put the shards and the index of one model there");
            }
            weights.byTensor.put(entry.getKey(), opened);
        }
        requireAny(weights.byTensor, index, subject);
        return weights;
    }

    private static Weights shard(SourceDirectory files, String shard, Opener opener, Subject subject) {
        Optional<Path> file = files.find(shard);
        if (file.isEmpty()) {
            throw subject.refuse("it lacks the shard " + Subject.shown(shard), "download all files of the model");
        }
        OtherContent.refuseInPlaceOfWeights(file.get(), shard, subject);
        return opener.open(file.get(), shard, subject);
    }

    private static void requireAny(Map<String, Weights> tensors, String index, Subject subject) {
        if (tensors.isEmpty()) {
            throw subject.refuse(
                    "its " + index + " has no " + MAP, "put the index there that was saved with the model");
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(byTensor.keySet());
    }

    @Override
    public Tensor tensor(String name) {
        Weights shard = byTensor.get(name);
        if (shard == null) {
            throw ClozeException.model(
                    "read the shards", "they have no tensor " + name, "download all files of the model");
        }
        return shard.tensor(name);
    }

    @Override
    public boolean areOne(String name, String other) {
        Weights shard = byTensor.get(name);
        return shard != null && shard == byTensor.get(other) && shard.areOne(name, other);
    }
}
