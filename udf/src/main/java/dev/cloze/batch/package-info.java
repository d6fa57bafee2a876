/** Variants together: {@link dev.cloze.mask.Variant}s of about one length become a {@link dev.cloze.batch.Batch}. */
package dev.cloze.batch;
