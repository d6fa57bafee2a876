package dev.cloze.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One model on its way from the hub, or from the cache where the hub may not be asked. */
final class ModelFetch {
    private static final double MEGABYTE = 1e6;
    private static final int SHORT = 12;
    private static final long LARGEST_CONFIG = 1 << 20;

    private final HubSettings settings;
    private final Patience patience;
    private final HubName model;
    private final ProgressListener listener;
    private final ModelFolder folder;
    private final HubRefusal refusal;
    private final HubClient client;
    private final HubApi api;

    ModelFetch(HubSettings settings, Patience patience, HubName model, ProgressListener listener) {
        this.settings = settings;
        this.patience = patience;
        this.model = model;
        this.listener = listener;
        this.folder = ModelFolder.of(settings.cache(), model);
        this.refusal = new HubRefusal(Errand.FETCH, model, settings);
        this.client = new HubClient(settings, patience, refusal);
        this.api = new HubApi(settings.endpoint(), model, client, refusal, this::retries);
    }

    private Retries retries() {
        return new Retries(patience, refusal, listener);
    }

    String commit() {
        if (settings.offline().isEmpty()) {
            return api.commit();
        }
        return folder.commit(model)
                .orElseThrow(() -> refusal.offline(
                        "the cache " + settings.cache() + " has no commit of revision " + model.revision()));
    }

    Snapshot fetch(String commit, Optional<String> variant) {
        Selection selection = settings.offline().isPresent() ? fromCache(commit, variant) : fromHub(commit, variant);
        Path directory = folder.snapshot(commit);
        return new Snapshot(
                directory,
                commit,
                selection.graph(),
                selection.export(),
                Licence.in(directory.resolve(Selection.README)));
    }

    private Selection fromHub(String commit, Optional<String> variant) {
        List<HubFile> files = api.files(commit);
        try {
            // It names the family, on which depends what else is needed.
            List<HubFile> config = wanted(files, List.of(Bundle.CONFIG));
            if (config.isEmpty()) {
                throw subject().refuse("it has no " + Bundle.CONFIG, "choose a repository of a model of transformers");
            }
            if (config.get(0).size() > LARGEST_CONFIG) {
                throw subject()
                        .refuse(
                                "its " + Bundle.CONFIG + " has "
                                        + megabytes(config.get(0).size()),
                                "choose a repository of a model of transformers");
            }
            download(missing(config), commit);
            Selection selection = Selection.of(
                    files.stream().map(HubFile::path).toList(),
                    config.stream().findFirst().flatMap(file -> family(folder.blob(file.digest()))),
                    variant,
                    subject());
            bring(wanted(files, selection.files()), commit);
            return selection;
        } catch (IOException e) {
            throw refusal.unwritable(String.valueOf(e), e);
        } finally {
            listener.endProgress();
        }
    }

    private Subject subject() {
        return new Subject("import model " + model);
    }

    /** The family that {@code config} names; a file that cannot be read is refused by the import. */
    private static Optional<String> family(Path config) {
        try {
            String type = Files.isRegularFile(config) && Files.size(config) <= LARGEST_CONFIG
                    ? new ObjectMapper()
                            .readTree(config.toFile())
                            .path("model_type")
                            .asText()
                    : "";
            return Optional.of(type).filter(name -> !name.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The snapshot appears when all of its content is there, and the revision is remembered when the snapshot is. */
    private void bring(List<HubFile> wanted, String commit) throws IOException {
        List<HubFile> missing = missing(wanted);
        announce(missing, commit);
        download(missing, commit);
        for (HubFile file : wanted) {
            folder.link(commit, file);
        }
        folder.remember(model, commit);
    }

    private void download(List<HubFile> missing, String commit) throws IOException {
        if (missing.isEmpty()) {
            return;
        }
        Files.createDirectories(folder.root());
        TransferProgress progress = new TransferProgress(bytes(missing), listener);
        missing.forEach(file ->
                new Download(file, api.content(commit, file), folder, client, refusal, retries(), progress).run());
    }

    private static List<HubFile> wanted(List<HubFile> files, List<String> paths) {
        return files.stream().filter(file -> paths.contains(file.path())).toList();
    }

    private List<HubFile> missing(List<HubFile> wanted) throws IOException {
        List<HubFile> missing = new ArrayList<>();
        for (HubFile file : wanted) {
            if (!folder.has(file)) {
                missing.add(file);
            }
        }
        return missing;
    }

    private static long bytes(List<HubFile> files) {
        // More than a number holds is more than is free.
        return files.stream()
                .mapToLong(HubFile::size)
                .reduce(0, (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b);
    }

    private void announce(List<HubFile> missing, String commit) throws IOException {
        if (missing.isEmpty()) {
            return;
        }
        long needed = bytes(missing);
        long free = Files.getFileStore(folder.root()).getUsableSpace();
        if (needed < 0 || needed > free) {
            throw refusal.unwritable(
                    "its files have " + megabytes(needed) + ", " + megabytes(free) + " are free", null);
        }
        listener.say("fetching " + model + " (commit " + commit.substring(0, SHORT) + ") from " + settings.endpoint()
                + " into " + settings.cache() + ": " + missing.size() + (missing.size() == 1 ? " file, " : " files, ")
                + megabytes(needed));
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", bytes / MEGABYTE);
    }

    private Selection fromCache(String commit, Optional<String> variant) {
        List<String> files = folder.files(commit);
        if (files.isEmpty()) {
            throw refusal.offline("the cache " + settings.cache() + " has no files of commit " + commit);
        }
        Selection selection =
                Selection.of(files, family(folder.snapshot(commit).resolve(Bundle.CONFIG)), variant, subject());
        selection.files().forEach(path -> requireIntact(commit, path));
        return selection;
    }

    private void requireIntact(String commit, String path) {
        try {
            if (!folder.isIntact(commit, path)) {
                throw refusal.offline("the content of " + path + " in the cache " + settings.cache() + " is damaged");
            }
        } catch (IOException e) {
            throw refusal.offline(path + " in the cache " + settings.cache() + " cannot be read (" + e + ")");
        }
    }
}
