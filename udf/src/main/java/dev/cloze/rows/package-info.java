/** The row that is read from a corpus and scored, and results as rows. */
package dev.cloze.rows;
