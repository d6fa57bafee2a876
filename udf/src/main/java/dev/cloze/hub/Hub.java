package dev.cloze.hub;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A model hub, such as huggingface.co, and the cache of what was fetched from it, which is that of {@code huggingface_hub}. The network
 * is asked by {@link #commit}, {@link #fetch} and {@link #push} only.
 */
public final class Hub {
    private final HubSettings settings;
    private final Patience patience;

    Hub(HubSettings settings, Patience patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /** With the variables of {@code huggingface_hub}, see {@link HubSettings}. */
    public static Hub of(Map<String, String> environment) {
        String home = Optional.ofNullable(environment.get("HOME")).orElse(System.getProperty("user.home"));
        return new Hub(HubSettings.of(environment, Path.of(home)), Patience.usual());
    }

    /** The commit that the revision of the model is now; the one of the cache where the environment forbids to ask. */
    public String commit(HubName model, ProgressListener listener) {
        return new ModelFetch(settings, patience, model, listener).commit();
    }

    /**
     * The files of a model that an import needs, fetched into the cache where they are missing.
     *
     * @param commit of the model's revision
     * @param variant of its ONNX export, see {@link dev.cloze.importing.layout.GraphChoice}
     */
    public Snapshot fetch(HubName model, String commit, Optional<String> variant, ProgressListener listener) {
        return new ModelFetch(settings, patience, model, listener).fetch(commit, variant);
    }

    /**
     * Makes the files of a directory a commit of the model's revision. Nothing is deleted there, and what is there is not sent again.
     *
     * @param created who may see the repository, when it is made where it is missing
     * @param summary the first line of the commit's message
     * @return the address of the files at that commit
     */
    public String push(
            HubName model, Path directory, Optional<NewRepository> created, String summary, ProgressListener listener) {
        String commit = new ModelPush(settings, patience, model, listener).push(directory, created, summary);
        return settings.endpoint() + "/" + model.repository() + "/tree/" + commit;
    }
}
