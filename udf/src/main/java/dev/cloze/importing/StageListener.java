package dev.cloze.importing;

/** Receives the name of the part of a model that is tried next, so that it can be named when it ends the process. */
interface StageListener {
    StageListener UNHEARD = stage -> {};

    void begin(WorkerMessage.Stage stage);
}
