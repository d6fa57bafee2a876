/** A durable run: every chunk of the plan is scored by one task and becomes durable by one rename; a later run does what is missing. */
package dev.cloze.job.chunks;
