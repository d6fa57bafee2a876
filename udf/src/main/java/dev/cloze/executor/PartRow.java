package dev.cloze.executor;

import org.apache.spark.sql.Row;

/**
 * A row of some parts of a corpus that are scored together.
 *
 * @param part which of them it belongs to; numbers rise
 */
public record PartRow(int part, Row row) {}
