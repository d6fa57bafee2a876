package dev.cloze.job.terminal;

/** How rows appear on the terminal. */
public enum Display {
    TABLE,
    JSON
}
