package dev.cloze.scoring;

/**
 * How little a token was expected.
 *
 * @param token as the vocabulary spells it, continuation marks included
 * @param start first UTF-16 unit of the token in its text
 * @param end first UTF-16 unit after it
 * @param nll negative log-likelihood, nats
 */
public record Surprisal(String token, int start, int end, double nll) {}
