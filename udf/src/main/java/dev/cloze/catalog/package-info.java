/** From the name of a model to its bundle: the cache, a directory, or weights from a Maven repository. */
package dev.cloze.catalog;
