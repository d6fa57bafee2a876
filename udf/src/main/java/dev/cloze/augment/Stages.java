package dev.cloze.augment;

import dev.cloze.mask.Variant;
import dev.cloze.model.Answer;
import dev.cloze.scoring.Question;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** Questions in stages: a stage begins when everything that was asked before it is answered. */
final class Stages implements Iterator<Question> {
    private final Deque<Iterator<Question>> asked = new ArrayDeque<>();
    private final Deque<Runnable> stages = new ArrayDeque<>();
    private int open;

    /** Adds the last of all stages. */
    void then(Runnable stage) {
        stages.add(stage);
    }

    /** Asks within the running stage; the observer may ask more. */
    void ask(Variant variant, Consumer<List<Answer>> observer) {
        ask(List.of(new Question(variant, observer)).iterator());
    }

    void ask(Iterator<Question> questions) {
        asked.add(questions);
    }

    /** Runs {@code more}, which may ask, after the questions that were asked before it in the running stage were handed out. */
    void askLater(Runnable more) {
        asked.add(new Iterator<>() {
            @Override
            public boolean hasNext() {
                more.run();
                return false;
            }

            @Override
            public Question next() {
                throw new NoSuchElementException();
            }
        });
    }

    @Override
    public boolean hasNext() {
        while (true) {
            while (!asked.isEmpty() && !asked.peek().hasNext()) {
                asked.remove();
            }
            if (!asked.isEmpty()) {
                return true;
            }
            if (open > 0 || stages.isEmpty()) {
                return false;
            }
            stages.remove().run();
        }
    }

    @Override
    public Question next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Question question = asked.peek().next();
        open++;
        return new Question(
                question.variant(),
                answers -> {
                    open--;
                    question.observer().accept(answers);
                },
                question.about());
    }
}
