/** What a person sees: messages, progress, tables of results, and nothing that a terminal would obey. */
package dev.cloze.job.terminal;
