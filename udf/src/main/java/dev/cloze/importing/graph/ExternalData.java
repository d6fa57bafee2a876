package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import dev.cloze.bundle.Bundle;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Weights of an ONNX file that lie in other files, named by their location. A location is a stranger's text that ONNX Runtime follows
 * by itself, so it is checked before: a relative path to a regular file of the model's own directory, long enough for the tensor. In
 * a bundle all files lie side by side, so a location in a sub-folder gets another name.
 */
public final class ExternalData {
    private static final String LOCATION = "location";
    private static final String OFFSET = "offset";
    private static final String LENGTH = "length";
    private static final Set<String> KEYS = Set.of(LOCATION, OFFSET, LENGTH, "checksum");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,149}(?<!\\.)");
    private static final int LONGEST = 100;
    private static final Set<String> OWN = Set.of(
            Bundle.MODEL,
            Bundle.SCORING,
            Bundle.FEATURES,
            Bundle.TOKENIZER,
            Bundle.CONFIG,
            Bundle.MANIFEST,
            PlainModel.READING_TEXTS);
    private static final String KEEP_BESIDE = "save the model with its weights in plain files beside model.onnx";

    private final SourceDirectory source;
    /** Of the graph in the source: what locations are relative to. */
    private final String folder;

    private final Subject subject;
    private final Map<String, Path> files = new TreeMap<>();
    private final Map<String, String> names = new TreeMap<>();

    private ExternalData(SourceDirectory source, String folder, Subject subject) {
        this.source = source;
        this.folder = folder;
        this.subject = subject;
    }

    /**
     * Checks every location in {@code model}.
     *
     * @param folder of the graph in {@code source}, with a slash at its end, or empty
     */
    public static ExternalData of(OnnxMl.ModelProto model, SourceDirectory source, String folder, Subject subject) {
        ExternalData data = new ExternalData(source, folder, subject);
        ModelWalk.visit(model, OnnxMl.TensorProto.class, data::add);
        data.chooseNames();
        return data;
    }

    /** Where the files are, by what they are called in a bundle. */
    public Map<String, Path> files() {
        Map<String, Path> byName = new TreeMap<>();
        files.forEach((location, file) -> byName.put(names.get(location), file));
        return byName;
    }

    /** The same model with the names that its files have in a bundle. */
    public OnnxMl.ModelProto renamed(OnnxMl.ModelProto model) {
        return (OnnxMl.ModelProto) ModelWalk.withTensors(model, this::renamed);
    }

    private OnnxMl.TensorProto renamed(OnnxMl.TensorProto tensor) {
        if (!isExternal(tensor)) {
            return tensor;
        }
        String location = entries(tensor).get(LOCATION);
        String name = names.get(location);
        if (name.equals(location)) {
            return tensor;
        }
        OnnxMl.TensorProto.Builder renamed = tensor.toBuilder();
        renamed.getExternalDataBuilderList().stream()
                .filter(entry -> entry.getKey().equals(LOCATION))
                .forEach(entry -> entry.setValue(name));
        return renamed.build();
    }

    public static boolean isExternal(OnnxMl.TensorProto tensor) {
        return tensor.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL;
    }

    /** Says in {@code tensor} that its values are so many bytes of the file {@code location}. */
    static void locate(OnnxMl.TensorProto.Builder tensor, String location, long offset, long length) {
        tensor.setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry(LOCATION, location))
                .addExternalData(entry(OFFSET, Long.toString(offset)))
                .addExternalData(entry(LENGTH, Long.toString(length)));
    }

    private static OnnxMl.StringStringEntryProto entry(String key, String value) {
        return OnnxMl.StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(value)
                .build();
    }

    private void add(OnnxMl.TensorProto tensor) {
        if (!isExternal(tensor)) {
            return;
        }
        if (tensor.hasRawData()) {
            throw refuse(tensor, "has its data both inside and outside of the file");
        }
        Map<String, String> entries = entries(tensor);
        String location = entries.getOrDefault(LOCATION, "");
        requireHarmless(tensor, location);
        Path file = files.computeIfAbsent(location, this::file);
        requireLongEnough(tensor, entries, file);
    }

    private Map<String, String> entries(OnnxMl.TensorProto tensor) {
        Map<String, String> entries = new TreeMap<>();
        for (OnnxMl.StringStringEntryProto entry : tensor.getExternalDataList()) {
            if (!KEYS.contains(entry.getKey())) {
                throw refuse(tensor, "has external data with the unknown entry " + Subject.shown(entry.getKey()));
            }
            if (entries.put(entry.getKey(), entry.getValue()) != null) {
                throw refuse(tensor, "has external data with two entries " + entry.getKey());
            }
        }
        return entries;
    }

    private void requireHarmless(OnnxMl.TensorProto tensor, String location) {
        problem(location).ifPresent(problem -> {
            throw refuse(tensor, "has its data in " + Subject.shown(location) + ", which " + problem);
        });
    }

    private static Optional<String> problem(String location) {
        if (location.isEmpty()) {
            return Optional.of("names no file");
        }
        if (location.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
            return Optional.of("is not a plain path: it holds a backslash or a control character");
        }
        if (location.startsWith("/") || DRIVE.matcher(location).matches()) {
            return Optional.of("is an absolute path");
        }
        if (List.of(location.split("/", -1)).contains("..")) {
            return Optional.of("leads out of the model's directory");
        }
        String plain = Path.of(location).normalize().toString().toLowerCase(Locale.ROOT);
        return OWN.contains(plain) ? Optional.of("is the name of a file of its own in Cloze") : Optional.empty();
    }

    private Path file(String location) {
        String name = folder + location;
        Path file = source.find(name)
                .orElseThrow(() -> subject.refuse(
                        "it has no file " + Subject.shown(name) + ", which its graph names for its weights",
                        "put the file there"));
        try {
            boolean counted = file.getFileSystem().supportedFileAttributeViews().contains("unix");
            if (counted && (int) Files.getAttribute(file, "unix:nlink") > 1) {
                throw subject.refuse(
                        Subject.shown(name) + " has a second name (a hard link), so it may be any file of this machine",
                        "replace it by a copy");
            }
        } catch (IOException e) {
            throw subject.refuse(Subject.shown(name) + " cannot be read: " + e, "make it readable", e);
        }
        return file;
    }

    private void requireLongEnough(OnnxMl.TensorProto tensor, Map<String, String> entries, Path file) {
        long elements = TensorSize.elements(tensor.getDimsList()).orElse(Long.MAX_VALUE);
        Optional<Long> size = TensorSize.bytes(tensor.getDataType(), elements);
        long offset = number(tensor, entries, OFFSET).orElse(0L);
        long length = number(tensor, entries, LENGTH).or(() -> size).orElse(Long.MAX_VALUE);
        if (size.isEmpty() || size.get() != length) {
            throw refuse(
                    tensor,
                    "declares " + elements + " elements, but has "
                            + entries.getOrDefault(LENGTH, "an unknown number of") + " bytes");
        }
        long end = file.toFile().length();
        if (length > end || offset > end - length) {
            throw refuse(
                    tensor,
                    "has " + length + " bytes from byte " + offset + " on of " + Subject.shown(entries.get(LOCATION))
                            + ", which has " + end + " bytes");
        }
    }

    private Optional<Long> number(OnnxMl.TensorProto tensor, Map<String, String> entries, String key) {
        String value = entries.getOrDefault(key, "");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!NUMBER.matcher(value).matches()) {
            throw refuse(tensor, "has external data with the " + key + " " + Subject.shown(value));
        }
        return Optional.of(Long.parseLong(value));
    }

    private RuntimeException refuse(OnnxMl.TensorProto tensor, String why) {
        return subject.refuse("its tensor " + Subject.shown(tensor.getName()) + " " + why, KEEP_BESIDE);
    }

    /** Plain names stay. */
    private void chooseNames() {
        Set<String> taken = new HashSet<>(OWN);
        for (String location : files.keySet()) {
            if (PLAIN.matcher(location).matches() && taken.add(location.toLowerCase(Locale.ROOT))) {
                names.put(location, location);
            }
        }
        for (String location : files.keySet()) {
            if (!names.containsKey(location)) {
                String plain = "weights-" + location.replaceAll("[^A-Za-z0-9._-]+", "-");
                plain = plain.substring(0, Math.min(plain.length(), LONGEST)).replaceAll("\\.+$", "");
                String name = plain;
                for (int n = 2; !taken.add(name.toLowerCase(Locale.ROOT)); n++) {
                    name = n + "-" + plain;
                }
                names.put(location, name);
            }
        }
    }
}
