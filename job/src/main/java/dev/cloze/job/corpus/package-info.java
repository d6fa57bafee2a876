/** Corpora in and out: any source that Spark reads, Parquet with a manifest of the run. */
package dev.cloze.job.corpus;
