/** Tokenizers: made from a vocabulary, and tried with texts before they are trusted. */
package dev.cloze.importing.tokenizer;
