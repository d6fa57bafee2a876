package dev.cloze.stats.exemplar;

/**
 * How surprising a token of a text was to the model.
 *
 * @param start its first UTF-16 unit in the text, and
 * @param end the first behind it
 * @param nll its negative log-probability, nats
 */
public record Surprisal(int start, int end, double nll) {}
