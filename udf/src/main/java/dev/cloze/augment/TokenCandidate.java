package dev.cloze.augment;

/**
 * A token that may be put in.
 *
 * @param id in the vocabulary
 * @param text as it stands in a word
 * @param logProbability natural, over the whole vocabulary
 * @param rank among all tokens, from 1
 */
record TokenCandidate(long id, String text, double logProbability, int rank) {}
