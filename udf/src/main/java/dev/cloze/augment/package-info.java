/**
 * Other sentences of a sentence, for training data: some words of a text are hidden, the model says what may stand there, filters
 * leave some of it, and a draw that depends on nothing of the cluster chooses. {@link dev.cloze.augment.Augment} is the task,
 * {@link dev.cloze.augment.Rewriting} a document's way through it.
 */
package dev.cloze.augment;
