/** The gradient of a model's graph as another graph: {@link dev.cloze.adapt.gradient.GradientGraph}. */
package dev.cloze.adapt.gradient;
