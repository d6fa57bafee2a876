/** The network: {@link dev.cloze.batch.Batch}es in, an {@link dev.cloze.model.Prediction} for each masked position out. */
package dev.cloze.model;
