/** Work that survives: a corpus cut into chunks, each durable by one rename, and a plan that a later run finishes. */
package dev.cloze.job.chunks;
