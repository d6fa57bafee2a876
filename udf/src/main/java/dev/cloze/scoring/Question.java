package dev.cloze.scoring;

import dev.cloze.mask.Variant;
import dev.cloze.model.Answer;
import java.util.List;
import java.util.function.Consumer;

/**
 * A variant to run, and who is told the answers.
 *
 * @param variant what the model reads
 * @param observer gets one answer for each of the variant's positions; keeps the few numbers it needs
 */
public record Question(Variant variant, Consumer<List<Answer>> observer) {}
