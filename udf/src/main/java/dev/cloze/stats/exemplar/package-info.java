/** Which documents show a change best: {@link dev.cloze.stats.exemplar.Exemplars} of those that would not be there without it. */
package dev.cloze.stats.exemplar;
