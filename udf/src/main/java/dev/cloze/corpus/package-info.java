/** Sums of many documents: {@link dev.cloze.corpus.CorpusState}s of parts of a corpus add up to that of the whole. */
package dev.cloze.corpus;
