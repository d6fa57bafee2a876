package dev.cloze.hub;

/** What a hub is asked for, in the words of messages. */
enum Errand {
    FETCH(
            "fetch model ",
            "read",
            "run again later, import the model on another machine and copy the cache, or give a directory; HF_HUB_OFFLINE=1"
                    + " uses what was fetched before"),
    PUSH("push to ", "write to", "run the same command again: what the hub has already is not sent again");

    private final String action;
    private final String right;
    private final String later;

    Errand(String action, String right, String later) {
        this.action = action;
        this.right = right;
        this.later = later;
    }

    String of(HubName model) {
        return action + model;
    }

    /** What a token must permit. */
    String right() {
        return right;
    }

    /** What to do when the hub cannot be asked. */
    String later() {
        return later;
    }
}
