/** The files of a model on their way to a node. */
package dev.cloze.delivery;
