package dev.cloze.scoring;

import java.util.OptionalLong;

/**
 * One way to fill a mask.
 *
 * @param score probability over the whole vocabulary of the model; of a word of several pieces, the product of each piece's
 *     probability after the pieces before it
 * @param token vocabulary id; absent for a word of several pieces
 * @param tokenText the token decoded alone, or the word that was asked for
 * @param sequence what the model saw, decoded, with this mask filled
 */
public record Candidate(double score, OptionalLong token, String tokenText, String sequence) {}
