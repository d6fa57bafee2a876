package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** One night, or several in a row. */
final class NightsOptions {
    /** The first and the last night. */
    record Nights(LocalDate first, LocalDate last) {}

    @Option(
            names = "--date",
            paramLabel = "DATE[..DATE]",
            converter = NightsConverter.class,
            description = "The night, or the first and the last one, such as 2026-11-21..2026-11-23.")
    private Optional<Nights> nights = Optional.empty();

    void check(Problems problems) {
        problems.require(nights.isPresent(), "there is no --date: name the night, or the first and the last one");
        problems.require(
                nights.filter(each -> each.first.isAfter(each.last)).isEmpty(),
                "--date names a last night before the first");
    }

    Nights nights() {
        return nights.orElseThrow();
    }

    static final class NightsConverter implements CommandLine.ITypeConverter<Nights> {
        @Override
        public Nights convert(String value) {
            String[] ends = value.split("\\.\\.", 2);
            try {
                return new Nights(LocalDate.parse(ends[0]), LocalDate.parse(ends[ends.length - 1]));
            } catch (DateTimeParseException e) {
                throw new CommandLine.TypeConversionException(
                        "expected a date such as 2026-11-21, or two such as 2026-11-21..2026-11-23, but was '" + value
                                + "'");
            }
        }
    }
}
