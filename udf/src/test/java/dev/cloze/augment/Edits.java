package dev.cloze.augment;

/** Takes edits back. */
final class Edits {
    private Edits() {}

    /** The original of a candidate, found without it: each replacement gives way to what stood there. */
    static String undone(Rewrite rewrite) {
        StringBuilder text = new StringBuilder();
        int read = 0;
        int written = 0;
        for (Edit edit : rewrite.edits()) {
            int at = read + edit.start() - written;
            text.append(rewrite.text(), read, at);
            String replacement =
                    rewrite.text().substring(at, at + edit.replacement().length());
            if (!replacement.equals(edit.replacement())) {
                throw new AssertionError("There is \"" + replacement + "\" and not " + edit);
            }
            text.append(edit.original());
            read = at + replacement.length();
            written = edit.end();
        }
        return text.append(rewrite.text().substring(read)).toString();
    }
}
