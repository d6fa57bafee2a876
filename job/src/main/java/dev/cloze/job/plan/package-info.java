/** The plan of a run: how a corpus is cut into chunks, written down so that a later run cuts it in the same way. */
package dev.cloze.job.plan;
