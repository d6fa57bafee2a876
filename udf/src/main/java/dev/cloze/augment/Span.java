package dev.cloze.augment;

/**
 * A stretch of a text.
 *
 * @param start its first UTF-16 unit
 * @param end the first after it
 */
record Span(int start, int end) {}
