package dev.cloze.hub;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The licence of a model, as the lines between two {@code ---} at the beginning of its {@code README.md} say it. */
final class Licence {
    private static final int MOST_LINES = 1000;
    private static final Pattern ENTRY =
            Pattern.compile("(license|license_name):\\s*['\"]?([\\w .+:/()-]{1,100}?)['\"]?\\s*");

    private Licence() {}

    /** The licence that {@code readme} names, such as {@code apache-2.0}; empty when it names none. */
    static Optional<String> in(Path readme) {
        Optional<String> licence = Optional.empty();
        for (String line : header(readme)) {
            Matcher entry = ENTRY.matcher(line);
            // A licence that the hub has no name for is called "other", and its name stands in another line.
            if (entry.matches() && (licence.isEmpty() || entry.group(1).equals("license_name"))) {
                licence = Optional.of(entry.group(2));
            }
        }
        return licence;
    }

    private static List<String> header(Path readme) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Files.newInputStream(readme),
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE)))) {
            if (!"---".equals(lines.readLine())) {
                return List.of();
            }
            return lines.lines()
                    .limit(MOST_LINES)
                    .takeWhile(line -> !line.strip().equals("---"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
