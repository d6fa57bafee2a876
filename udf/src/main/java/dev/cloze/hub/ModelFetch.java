package dev.cloze.hub;

import dev.cloze.bundle.Bundle;
import dev.cloze.importing.source.SourceDirectory;
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
        this.refusal = new HubRefusal(model, settings);
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
        return new Snapshot(directory, commit, selection.graph(), Licence.in(directory.resolve(Selection.README)));
    }

    private Selection fromHub(String commit, Optional<String> variant) {
        List<HubFile> files = api.files(commit);
        try {
            // It names the family, on which depends what else is needed.
            bring(files, List.of(Bundle.CONFIG), commit);
            Selection selection = selection(commit, files.stream().map(HubFile::path).toList(), variant);
            announce(files, selection.files(), commit);
            bring(files, selection.files(), commit);
            folder.remember(model, commit);
            return selection;
        } catch (IOException e) {
            throw refusal.unwritable(String.valueOf(e), e);
        } finally {
            listener.endProgress();
        }
    }

    /** @param paths of the files that there are; {@code config.json} is in the snapshot */
    private Selection selection(String commit, List<String> paths, Optional<String> variant) {
        Subject subject = new Subject("import model " + model);
        Optional<String> family = paths.contains(Bundle.CONFIG)
                ? SourceDirectory.of(folder.snapshot(commit), subject)
                        .json(Bundle.CONFIG)
                        .map(config -> config.path("model_type").asText())
                        .filter(type -> !type.isEmpty())
                : Optional.empty();
        return Selection.of(paths, family, variant, subject);
    }

    /** Brings {@code paths} of {@code files} into the snapshot: each appears when all of its content is there. */
    private void bring(List<HubFile> files, List<String> paths, String commit) throws IOException {
        List<HubFile> missing = missing(files, paths);
        if (!missing.isEmpty()) {
            Files.createDirectories(folder.root());
            TransferProgress progress = new TransferProgress(bytes(missing), listener);
            missing.forEach(file ->
                    new Download(file, api.content(commit, file), folder, client, refusal, retries(), progress).run());
        }
        for (HubFile file : wanted(files, paths)) {
            folder.link(commit, file);
        }
    }

    private static List<HubFile> wanted(List<HubFile> files, List<String> paths) {
        return files.stream().filter(file -> paths.contains(file.path())).toList();
    }

    private List<HubFile> missing(List<HubFile> files, List<String> paths) throws IOException {
        List<HubFile> missing = new ArrayList<>();
        for (HubFile file : wanted(files, paths)) {
            if (!folder.has(file)) {
                missing.add(file);
            }
        }
        return missing;
    }

    private static long bytes(List<HubFile> files) {
        return files.stream().mapToLong(HubFile::size).sum();
    }

    private void announce(List<HubFile> files, List<String> paths, String commit) throws IOException {
        List<HubFile> missing = missing(files, paths);
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
        Selection selection = selection(commit, files, variant);
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
