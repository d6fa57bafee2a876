/** ONNX graphs: checked, made, and rewritten into the ones that score. */
package dev.cloze.importing.graph;
