package dev.cloze.scoring;

import java.util.List;

/**
 * A mask and what may stand there.
 *
 * @param position token index in the document, special tokens included
 * @param start first UTF-16 unit of the mark in the text it stands in
 * @param end first UTF-16 unit after it
 * @param candidates best first
 */
public record FilledMask(int position, int start, int end, List<Candidate> candidates) {}
