/** Sums of many documents: {@link dev.cloze.stats.CorpusState}s of parts of a corpus add up to that of the whole. */
package dev.cloze.stats;
