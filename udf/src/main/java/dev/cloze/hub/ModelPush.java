package dev.cloze.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A directory on its way to a hub. Only files that the repository does not have are sent, so that what was cut off is repeated by the same
 * call.
 */
final class ModelPush {
    private static final double MEGABYTE = 1e6;
    private static final int CONFLICT = 409;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HubSettings settings;
    private final Patience patience;
    private final HubName model;
    private final ProgressListener listener;
    private final HubRefusal refusal;
    private final HubClient client;
    private final HubApi api;

    ModelPush(HubSettings settings, Patience patience, HubName model, ProgressListener listener) {
        this.settings = settings;
        this.patience = patience;
        this.model = model;
        this.listener = listener;
        this.refusal = new HubRefusal(Errand.PUSH, model, settings);
        this.client = new HubClient(settings, patience, refusal);
        this.api = new HubApi(settings.endpoint(), model, client, refusal, this::retries);
    }

    private Retries retries() {
        return new Retries(patience, refusal, listener);
    }

    /** The commit in which the repository has all files of {@code directory}. */
    String push(Path directory, Optional<NewRepository> created, String summary) {
        requirePermitted();
        try {
            List<LocalFile> files = LocalFile.in(directory.toAbsolutePath().normalize(), refusal);
            created.ifPresent(this::create);
            return pushed(files, summary);
        } catch (IOException e) {
            throw refusal.model("a file of " + directory + " cannot be read (" + e + ")", "make it readable");
        } finally {
            listener.endProgress();
        }
    }

    private void requirePermitted() {
        settings.offline().ifPresent(variable -> {
            throw refusal.model("the hub may not be asked (" + variable + ")", "unset that variable");
        });
        if (model.isCommit()) {
            throw refusal.model("a commit never changes", "name a branch, or leave out what follows the @");
        }
        if (settings.token().isEmpty()) {
            throw refusal.model(
                    "there is no token, and nobody may write to a repository without one",
                    "set HF_TOKEN to a token with the right to write, or log in with `hf auth login`");
        }
    }

    private void create(NewRepository repository) {
        ObjectNode wanted = JSON.createObjectNode()
                .put("type", "model")
                .put("name", model.name())
                .put("organization", model.organisation())
                .put("visibility", repository.name().toLowerCase(Locale.ROOT));
        Retries attempts = retries();
        while (true) {
            try {
                // That it is there already is as good.
                api.answer(
                        URI.create(settings.endpoint() + "/api/repos/create"),
                        HubRequest.json(wanted).accepting(CONFLICT));
                return;
            } catch (HubFailure e) {
                attempts.after(e);
            }
        }
    }

    /** Begins anew when the commit fails: it may be there although its answer was lost, or another one has come before it. */
    private String pushed(List<LocalFile> files, String summary) throws IOException {
        Retries attempts = retries();
        while (true) {
            String head = api.commit();
            List<LocalFile> missing = missing(files, api.files(head));
            if (missing.isEmpty()) {
                listener.say("the repository has all files already");
                return head;
            }
            try {
                return commit(missing, head, summary);
            } catch (HubFailure e) {
                attempts.after(e);
            }
        }
    }

    private static List<LocalFile> missing(List<LocalFile> files, List<HubFile> there) throws IOException {
        List<LocalFile> missing = new ArrayList<>();
        for (LocalFile file : files) {
            if (!file.isAmong(there)) {
                missing.add(file);
            }
        }
        return missing;
    }

    private String commit(List<LocalFile> files, String head, String summary) throws IOException {
        Map<String, JsonNode> modes = modes(files);
        List<LocalFile> wanted = new ArrayList<>(files);
        wanted.removeIf(file -> isIgnored(file, modes));
        if (wanted.isEmpty()) {
            return head;
        }
        long bytes = wanted.stream().mapToLong(LocalFile::size).sum();
        listener.say(String.format(
                Locale.ROOT,
                "pushing %d %s, %,.1f MB, to %s/%s",
                wanted.size(),
                wanted.size() == 1 ? "file" : "files",
                bytes / MEGABYTE,
                settings.endpoint(),
                model.repository()));
        TransferProgress progress = new TransferProgress(bytes, listener);
        StringBuilder lines = new StringBuilder(header(head, summary) + "\n");
        for (LocalFile file : wanted) {
            boolean large = modes.get(file.path()).path("uploadMode").asText().equals("lfs") && file.size() > 0;
            if (large) {
                new Upload(file, api, client, progress).run(retries());
            }
            lines.append(large ? file.lineWithDigest() : file.lineWithContent()).append('\n');
        }
        return committed(lines.toString());
    }

    private boolean isIgnored(LocalFile file, Map<String, JsonNode> modes) {
        if (!modes.containsKey(file.path())) {
            throw api.unexpected("it does not say how to send " + file.path());
        }
        boolean ignored = modes.get(file.path()).path("shouldIgnore").asBoolean();
        if (ignored) {
            listener.say(file.path() + " is left out: the repository's .gitignore names it");
        }
        return ignored;
    }

    private Map<String, JsonNode> modes(List<LocalFile> files) throws IOException {
        ObjectNode question = JSON.createObjectNode();
        ArrayNode announced = question.putArray("files");
        for (LocalFile file : files) {
            announced.add(file.announcement());
        }
        Map<String, JsonNode> modes = new HashMap<>();
        api.answer(api.address("preupload/" + revision()), HubRequest.json(question))
                .path("files")
                .forEach(mode -> modes.put(mode.path("path").asText(), mode));
        return modes;
    }

    private static ObjectNode header(String head, String summary) {
        ObjectNode header = JSON.createObjectNode().put("key", "header");
        header.putObject("value").put("summary", summary).put("description", "").put("parentCommit", head);
        return header;
    }

    private String committed(String lines) throws HubFailure {
        String commit = api.answer(api.address("commit/" + revision()), HubRequest.lines(lines))
                .path("commitOid")
                .asText();
        if (!HubName.isCommit(commit)) {
            throw api.unexpected("it names no commit");
        }
        return commit;
    }

    private String revision() {
        return HubApi.encoded(model.revision());
    }
}
