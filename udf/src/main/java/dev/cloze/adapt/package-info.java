/** Continues the training of a masked language model on a corpus: {@link dev.cloze.adapt.Training}. */
package dev.cloze.adapt;
