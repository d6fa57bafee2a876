/** Runs on real clusters, and what {@code conf} says to them. */
package dev.cloze.job.cluster;
