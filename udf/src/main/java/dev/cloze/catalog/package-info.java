/** From the name of a model to its bundle: the cache, a directory, or weights that Maven fetches. */
package dev.cloze.catalog;
