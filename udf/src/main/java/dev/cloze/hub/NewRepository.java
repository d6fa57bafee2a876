package dev.cloze.hub;

/** Who may see a repository that is made for a model. */
public enum NewRepository {
    PRIVATE,
    PUBLIC
}
