/** Nights that are scored with a model: documents in, the night of an audit out, and every score kept for the nights to come. */
package dev.cloze.job.nights;
