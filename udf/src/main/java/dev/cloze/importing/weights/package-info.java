/** Checkpoints of training frameworks as named tensors. */
package dev.cloze.importing.weights;
