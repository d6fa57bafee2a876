/** Where results lie: the directory of a run, its manifest and history, and tables in other formats. */
package dev.cloze.job.output;
