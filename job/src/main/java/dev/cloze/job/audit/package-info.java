/** The nightly audit: document scores in, a history of immutable files, and a verdict on every night. */
package dev.cloze.job.audit;
