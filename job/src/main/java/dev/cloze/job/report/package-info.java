/** Pages for people: values that are ready to be shown, charts, and the templates that make HTML of them. No script, no file from elsewhere. */
package dev.cloze.job.report;
