package dev.cloze.job.report;

/** Writes the path of a picture in as few characters as possible: each point as its distance from the one before. */
final class Pen {
    private final StringBuilder path = new StringBuilder();
    private boolean isDown;
    private long x;
    private long y;

    /** A line to this point, or its beginning. */
    void to(long nextX, long nextY) {
        if (isDown) {
            char last = path.charAt(path.length() - 1);
            append(nextX - x, last == 'l' ? "" : " ");
            append(nextY - y, " ");
        } else {
            path.append('M').append(nextX).append(' ').append(nextY).append('l');
        }
        isDown = true;
        x = nextX;
        y = nextY;
    }

    /** A minus is a separator, too. */
    private void append(long number, String separator) {
        path.append(number < 0 ? "" : separator).append(number);
    }

    /** Ends a line. */
    void lift() {
        if (isDown && path.charAt(path.length() - 1) == 'l') {
            // A line of one point is seen as a dot.
            path.append("0 0");
        }
        isDown = false;
    }

    /** Ends an area. */
    void close() {
        if (isDown) {
            lift();
            path.append('Z');
        }
    }

    String path() {
        lift();
        return path.toString();
    }
}
