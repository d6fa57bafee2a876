/**
 * Judges the nights of a corpus: {@link dev.cloze.stats.judge.NightlyAudit} takes one night after the other, and says of each what was
 * unlikely after those before it. All of it is a function of the nights and of what people decided; nothing here knows files or Spark.
 */
package dev.cloze.stats.judge;
