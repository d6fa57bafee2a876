/** Models for others: a directory that transformers loads, {@link dev.cloze.sharing.TransformersDirectory}. */
package dev.cloze.sharing;
