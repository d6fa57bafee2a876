/** A stranger's directory, read without following it outside, and the words of a refusal. */
package dev.cloze.importing.source;
