/** What the rows of a run add up to. */
package dev.cloze.job.summary;
