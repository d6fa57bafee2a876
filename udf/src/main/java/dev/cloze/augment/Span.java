package dev.cloze.augment;

/**
 * A part of a text.
 *
 * @param start its first UTF-16 unit
 * @param end the first after it
 */
record Span(int start, int end) {}
