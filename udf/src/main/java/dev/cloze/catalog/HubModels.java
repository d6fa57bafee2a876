package dev.cloze.catalog;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.hub.Hub;
import dev.cloze.hub.HubName;
import dev.cloze.hub.ProgressListener;
import dev.cloze.hub.Snapshot;
import dev.cloze.importing.layout.Layout;
import dev.cloze.importing.source.Subject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Models of a hub: fetched and imported once, and from then on used as they are, without asking the hub.
 *
 * @param store the cache of imported models
 * @param hub where others come from
 * @param progress receives a message about what takes time
 */
record HubModels(BundleStore store, Hub hub, ProgressListener progress) {
    private static final int SHORT = 16;

    /** The model, imported when it is not there. */
    Bundle open(HubName model) {
        return imported(model).orElseGet(() -> {
            String commit = hub.commit(model, progress);
            Bundle bundle = at(commit, model).orElseGet(() -> new TriedBundles(store)
                    .keep(store.findOrImport(
                            place(model, commit),
                            any -> true,
                            target -> write(model, commit, Optional.empty(), model.name(), target))));
            new HubRevisions(store).keep(model, commit);
            return bundle;
        });
    }

    private Optional<Bundle> at(String commit, HubName model) {
        return bundles(model).stream()
                .filter(bundle -> bundle.manifest().origin().revision().equals(commit))
                .findFirst();
    }

    /** The model, as far as it can be found without asking the hub. */
    private Optional<Bundle> imported(HubName model) {
        List<Bundle> bundles = bundles(model);
        Optional<String> commit =
                model.isCommit() ? Optional.of(model.revision()) : new HubRevisions(store).commit(model);
        if (commit.isEmpty() && model.isMain() && bundles.size() == 1) {
            // A model whose directory was copied here.
            return Optional.of(bundles.get(0));
        }
        return commit.flatMap(known -> at(known, model));
    }

    /** All bundles of the repository's plain model, whatever their revision. */
    private List<Bundle> bundles(HubName model) {
        return store.models().stream()
                .flatMap(stored -> stored.bundle().stream())
                .filter(bundle -> bundle.manifest().origin() != null
                        && bundle.manifest().origin().source().equals(model.source())
                        && bundle.manifest().origin().variant() == null)
                .toList();
    }

    /** A name that no other model has, and that the same model has everywhere. */
    private static String place(HubName model, String commit) {
        return "hf--" + model.organisation() + "--" + model.name() + "--" + commit.substring(0, SHORT);
    }

    /** The newest commit of the model's revision as {@code name}; the one that is there when it is this one. */
    Bundle importModel(HubName model, Optional<String> variant, String name) {
        String commit = hub.commit(model, progress);
        Bundle bundle = importCommit(model, commit, variant, name);
        if (variant.isEmpty()) {
            new HubRevisions(store).keep(model, commit);
        }
        return bundle;
    }

    private Bundle importCommit(HubName model, String commit, Optional<String> variant, String name) {
        Optional<Bundle> there = store.findCurrent(name)
                .filter(bundle -> isOf(bundle, model, commit, variant))
                .filter(Bundle::isIntact);
        if (there.isPresent()) {
            progress.say("the model " + name + " is that commit already (" + commit + ")");
            return there.get();
        }
        return new TriedBundles(store)
                .keep(store.importNew(name, target -> write(model, commit, variant, name, target)));
    }

    private static boolean isOf(Bundle bundle, HubName model, String commit, Optional<String> variant) {
        Manifest.Origin origin = bundle.manifest().origin();
        return origin != null
                && origin.source().equals(model.source())
                && origin.revision().equals(commit)
                && Optional.ofNullable(origin.variant()).equals(variant);
    }

    private void write(HubName model, String commit, Optional<String> variant, String name, Path target) {
        Snapshot snapshot = hub.fetch(model, commit, variant, progress);
        progress.say("importing " + model + " as " + name);
        Subject subject = new Subject("import model " + model);
        try {
            new StrangersModel(subject).write(new Layout(snapshot.directory(), snapshot.graph()), name, target);
        } catch (ClozeException e) {
            throw snapshot.export()
                    .filter(export -> e.kind() == ClozeException.Kind.MODEL)
                    .map(export -> subject.refuse(
                            e.why(),
                            "import its ONNX export: `cloze model import " + model + " --variant " + export
                                    + " --name NAME`",
                            e))
                    .orElse(e);
        }
        Manifest.Origin origin = new Manifest.Origin(
                model.source(), commit, variant.orElse(null), snapshot.licence().orElse(null));
        Bundle.seal(target, Bundle.open(target).manifest().withOrigin(origin));
    }
}
