package dev.cloze.job.terminal;

import java.io.IOException;
import java.io.Writer;
import java.util.function.UnaryOperator;

/** Writes line by line what a terminal may show. */
final class VisibleWriter extends Writer {
    private final Writer target;
    private final UnaryOperator<String> edit;
    private final StringBuilder line = new StringBuilder();

    /** @param edit what is done to a line before */
    VisibleWriter(Writer target, UnaryOperator<String> edit) {
        super(target);
        this.target = target;
        this.edit = edit;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        synchronized (lock) {
            line.append(text, from, length);
            int end = line.lastIndexOf("\n") + 1;
            if (end > 0) {
                emit(end);
            }
        }
    }

    private void emit(int end) throws IOException {
        target.write(Visible.text(edit.apply(line.substring(0, end))));
        line.delete(0, end);
    }

    /** The first half of a character waits for its second. */
    @Override
    public void flush() throws IOException {
        synchronized (lock) {
            boolean isHalf = line.length() > 0 && Character.isHighSurrogate(line.charAt(line.length() - 1));
            emit(isHalf ? line.length() - 1 : line.length());
            target.flush();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            emit(line.length());
            target.close();
        }
    }
}
