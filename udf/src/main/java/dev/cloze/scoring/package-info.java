/**
 * Numbers to answers. A {@link dev.cloze.scoring.ScoringTask} says what to ask of a document and what the answers add up to;
 * {@link dev.cloze.scoring.Scorer} is the page that walks a document through the engine.
 */
package dev.cloze.scoring;
