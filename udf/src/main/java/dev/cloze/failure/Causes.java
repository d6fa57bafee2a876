package dev.cloze.failure;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What lies under a failure: what was thrown on an executor arrives wrapped in Spark's own exceptions. */
public final class Causes {
    private static final int DEEPEST = 50;

    private Causes() {}

    /** The first cause of {@code type}, the failure itself included, that is {@code wanted}. */
    public static <T> Optional<T> first(Throwable failure, Class<T> type, Predicate<T> wanted) {
        return of(failure)
                .filter(type::isInstance)
                .map(type::cast)
                .filter(wanted)
                .findFirst();
    }

    /** The first line of the innermost cause. */
    public static String root(Throwable failure) {
        return of(failure)
                .reduce((outer, inner) -> inner)
                .map(Causes::firstLine)
                .orElse("");
    }

    /** The first line of the message, as servers of Hadoop add their stack to it; or the name of the failure when it has none. */
    public static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage() == null ? failure : failure.getMessage())
                .lines()
                .findFirst()
                .orElse("");
    }

    private static Stream<Throwable> of(Throwable failure) {
        return Stream.iterate(failure, e -> e != null, Throwable::getCause).limit(DEEPEST);
    }
}
