package dev.cloze.hub;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.net.http.HttpHeaders;

/**
 * Says in words why a model cannot be fetched or pushed.
 *
 * @param model that is fetched, or pushed
 * @param settings of the hub
 */
record HubRefusal(Errand errand, HubName model, HubSettings settings) {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    /** The hub has answered, and means it. */
    ClozeException answered(int status, HttpHeaders headers, String file) {
        String code = headers.firstValue("X-Error-Code").orElse("");
        String message = headers.firstValue("X-Error-Message").orElse("");
        if (code.equals("GatedRepo")) {
            return gated();
        }
        if (code.equals("RevisionNotFound")) {
            return model(
                    "the repository has no revision " + model.revision(),
                    "choose a branch, a tag or a commit of " + page() + ", or leave out what follows the @");
        }
        if (code.equals("EntryNotFound")) {
            return model(
                    "it has no file " + Subject.shown(file) + " at revision " + model.revision(),
                    "look for its files at " + page());
        }
        if (status == UNAUTHORIZED && message.startsWith("Invalid")) {
            return model(
                    settings.endpoint() + " does not accept " + token(),
                    "make a new token at " + settings.endpoint() + "/settings/tokens, or remove the old one");
        }
        if (message.contains("is disabled")) {
            return model("the hub has disabled the repository", "choose another model");
        }
        if (code.equals("RepoNotFound") || status == UNAUTHORIZED || status == NOT_FOUND) {
            return unknown();
        }
        return model(
                "the hub answers with status " + status + (message.isEmpty() ? "" : " " + Subject.shown(message)),
                status == FORBIDDEN
                        ? "use a token with the right to " + errand.right() + " this repository (HF_TOKEN)"
                        : "look whether " + page() + " can be opened in a browser");
    }

    private ClozeException gated() {
        return model(
                "the repository is gated: its owners give it to those who accepted their conditions, and "
                        + (settings.token().isPresent()
                                ? token() + " belongs to an account that has not accepted them"
                                : "no token was sent"),
                "accept the conditions at " + page() + ", and set HF_TOKEN to a token of that account");
    }

    private ClozeException unknown() {
        return model(
                settings.endpoint() + " has no repository " + model.repository() + ", or keeps it private and "
                        + (settings.token().isPresent() ? token() + " gives no access" : "no token was sent"),
                "compare the name with the page of the model, or set HF_TOKEN to a token that gives access");
    }

    /** A fault of the model or of its name. */
    ClozeException model(String why, String repair) {
        return ClozeException.model(action(), why, repair);
    }

    /** The hub cannot be asked, for a while or for ever. */
    ClozeException unreachable(String why, Exception cause) {
        return ClozeException.resources(
                action(), settings.endpoint() + " cannot be asked: " + why, errand.later(), cause);
    }

    /** This machine cannot keep what comes. */
    ClozeException unwritable(String why, Exception cause) {
        return ClozeException.resources(
                action() + " into " + settings.cache(),
                why,
                "make room there, or choose another place with HF_HUB_CACHE",
                cause);
    }

    /** What is wanted is not in the cache, and nobody may be asked. */
    ClozeException offline(String why) {
        return model(
                "the hub may not be asked (" + settings.offline().orElseThrow() + ") and " + why,
                "unset that variable once, or copy the model's folder into " + settings.cache());
    }

    private String action() {
        return errand.of(model);
    }

    private String token() {
        return settings.token().map(HubToken::toString).orElse("no token");
    }

    private String page() {
        return settings.endpoint() + "/" + model.repository();
    }
}
