/** The job's one page, {@link dev.cloze.job.run.ScoringJob}: what is scored, how, and when a run is accepted. */
package dev.cloze.job.run;
