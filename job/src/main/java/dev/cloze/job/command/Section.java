package dev.cloze.job.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The heading in a command's help under which the options of a class stand. Options of a command itself come without one. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Section {
    /** One of the headings that {@link HelpPage} has in its order, or another. */
    String value();
}
