package dev.cloze.job.command;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;

/** Enum constants as they stand on a command line: {@code LINE_BY_LINE} is {@code line-by-line}. */
abstract class Labels<E extends Enum<E>> implements CommandLine.ITypeConverter<E> {
    private final Class<E> type;

    Labels(Class<E> type) {
        this.type = type;
    }

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public E convert(String value) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> of(constant).equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new CommandLine.TypeConversionException("expected one of "
                        + Arrays.stream(type.getEnumConstants()).map(Labels::of).toList() + " but was '" + value
                        + "'"));
    }
}
