package dev.cloze.importing;

/** Is told which part of a model is tried next, so that it can be named when it ends the process. */
interface Stages {
    Stages UNHEARD = stage -> {};

    void begin(WorkerMessage.Stage stage);
}
