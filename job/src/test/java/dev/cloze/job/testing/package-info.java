/** What the tests of several packages share: runs of the program, what they leave, corpora, file systems that fail. */
package dev.cloze.job.testing;
