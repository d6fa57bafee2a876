/** From the texts of a corpus to an adapted model: {@link dev.cloze.job.adapt.AdaptationRun}. */
package dev.cloze.job.adapt;
