/**
 * Which ids to hide, and how much of a long document the model sees around them. In comes a {@link
 * dev.cloze.text.TokenizedDocument}, out go {@link dev.cloze.mask.Variant}s.
 */
package dev.cloze.mask;
