/** The program: {@link dev.cloze.job.Cloze} reads a command line, {@link dev.cloze.job.run.ScoringJob} does the work. */
package dev.cloze.job;
