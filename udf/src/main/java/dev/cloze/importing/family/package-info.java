/** Graphs of model families that come as weights only. */
package dev.cloze.importing.family;
