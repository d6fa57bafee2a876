/** The job's one page, {@link dev.cloze.job.run.ScoringJob}, and what it needs to run and to be seen. */
package dev.cloze.job.run;
