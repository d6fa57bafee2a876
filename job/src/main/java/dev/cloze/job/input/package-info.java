/** A corpus: from what {@code --input} names to rows of id, kept columns and text, whatever Spark can read. */
package dev.cloze.job.input;
