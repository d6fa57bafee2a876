package dev.cloze.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The licence of a model, as the lines between two {@code ---} at the beginning of its {@code README.md} say it. */
final class Licence {
    private static final int MOST_BYTES = 1 << 16;
    private static final Pattern ENTRY =
            Pattern.compile("(license|license_name):\\s*['\"]?(\\w[\\w .+:/()-]{0,99}?)['\"]?\\s*");

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
        try (InputStream in = Files.newInputStream(readme)) {
            List<String> lines = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.isEmpty() || !lines.get(0).equals("---")
                    ? List.of()
                    : lines.stream()
                            .skip(1)
                            .takeWhile(line -> !line.strip().equals("---"))
                            .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
