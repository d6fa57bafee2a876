package dev.cloze.scoring;

import dev.cloze.model.LanguageModel;
import dev.cloze.model.Purpose;
import dev.cloze.text.TokenizedDocument;
import java.io.Serializable;

/**
 * What is asked of every document: a value that travels to executors, without any resource.
 *
 * @param <R> what a document's answers add up to
 */
public interface ScoringTask<R> extends Serializable {

    /** What the model is opened for. */
    default Purpose purpose() {
        return Purpose.FILL;
    }

    /** Which variants of the document to run, what to remember of each, and what the memories add up to. */
    Plan<R> plan(TokenizedDocument document, LanguageModel model);
}
