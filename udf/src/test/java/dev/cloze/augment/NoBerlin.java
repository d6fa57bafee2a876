package dev.cloze.augment;

/** A check that a user might install. */
public final class NoBerlin implements SentenceCheck {
    @Override
    public String name() {
        return "no-berlin";
    }

    @Override
    public boolean accepts(Sentences sentences) {
        return sentences.edits().stream()
                .noneMatch(edit -> edit.replacement().strip().equals("berlin"));
    }
}
