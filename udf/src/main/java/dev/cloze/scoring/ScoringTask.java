package dev.cloze.scoring;

import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.TokenizedDocument;
import java.io.Serializable;

/**
 * What is asked of every document: a value that travels to executors, without any resource.
 *
 * @param <R> what a document's predictions add up to
 */
public interface ScoringTask<R> extends Serializable {
    /** Of prose in most languages. */
    int CHARACTERS_OF_A_TOKEN = 4;

    /** What the model is opened for. */
    default Head head() {
        return Head.MASKED_LM;
    }

    /** Whether it asks for hidden states beside what it is for; see {@link Query.Output#FEATURES}. */
    default boolean needsHiddenStates() {
        return false;
    }

    /** Whether equal texts have equal outcomes, whatever their ids: nothing is drawn at random. */
    default boolean isSameForEqualTexts() {
        return false;
    }

    /** Tokens that the model reads for a text of so many characters, roughly. */
    default long cost(int characters) {
        return tokens(characters);
    }

    /** Tokens of a text of so many characters, roughly. */
    static long tokens(int characters) {
        return 2 + characters / CHARACTERS_OF_A_TOKEN;
    }

    /** Which variants of the document to run, what to remember of each, and what the memories add up to. */
    Plan<R> plan(TokenizedDocument document, LanguageModel model);
}
