/** Files of text come in, records go out: lines, rows of CSV, objects of JSON, each as it stands in its file. */
package dev.cloze.job.records;
