package dev.cloze.job.command;

import dev.cloze.settings.Labels;
import picocli.CommandLine;

/** Reads an enum of an option by its labels. */
abstract class LabelConverter<E extends Enum<E>> implements CommandLine.ITypeConverter<E> {
    private final Class<E> type;

    LabelConverter(Class<E> type) {
        this.type = type;
    }

    @Override
    public E convert(String value) {
        return Labels.find(type, value)
                .orElseThrow(() -> new CommandLine.TypeConversionException(
                        "expected one of " + Labels.all(type) + " but was '" + value + "'"));
    }
}
