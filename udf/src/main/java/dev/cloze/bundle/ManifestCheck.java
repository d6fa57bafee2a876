package dev.cloze.bundle;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** What must hold of every manifest, whoever wrote it. */
final class ManifestCheck {
    /** A token between a first and a last special token. */
    private static final int LEAST_POSITIONS = 3;

    private static final int MOST_POSITIONS = 1 << 24;
    private static final int MOST_WORDS = 1 << 24;
    private static final int MOST_SETTINGS = 100;
    private static final int MOST_FILES = 10_000;
    private static final long MOST_BYTES = 1L << 42;
    private static final int LONGEST_TEXT = 255;
    private static final List<String> NEEDED = List.of(Bundle.MODEL, Bundle.SCORING, Bundle.TOKENIZER, Bundle.CONFIG);

    private ManifestCheck() {}

    /** The first thing that is wrong with {@code manifest}; empty when it is sound. */
    static Optional<String> problem(Manifest manifest) {
        return values(manifest)
                .or(() -> tokens(manifest))
                .or(() -> Optional.ofNullable(manifest.origin()).flatMap(ManifestCheck::origin))
                .or(() -> Optional.ofNullable(manifest.lineage()).flatMap(ManifestCheck::lineage))
                .or(() -> Optional.ofNullable(manifest.calibration()).flatMap(ManifestCheck::calibration))
                .or(() -> files(manifest.files()));
    }

    private static Optional<String> calibration(Manifest.Calibration calibration) {
        return text("base", calibration.base())
                .or(() -> text("digest", calibration.digest()))
                .or(() -> text("sample", calibration.sample()));
    }

    private static Optional<String> lineage(Manifest.Lineage lineage) {
        if (lineage.settings() == null || lineage.settings().size() > MOST_SETTINGS) {
            return Optional.of("settings is not a list of at most " + MOST_SETTINGS + " settings");
        }
        return text("base", lineage.base())
                .or(() -> text("digest", lineage.digest()))
                .or(() -> text("corpus", lineage.corpus()))
                .or(() -> lineage.settings().entrySet().stream()
                        .flatMap(setting -> text("the name of a setting", setting.getKey())
                                .or(() -> text(setting.getKey(), setting.getValue()))
                                .stream())
                        .findFirst());
    }

    private static Optional<String> origin(Manifest.Origin origin) {
        return text("source", origin.source())
                .or(() -> text("revision", origin.revision()))
                .or(() -> origin.variant() == null ? Optional.empty() : text("variant", origin.variant()))
                .or(() -> origin.licence() == null ? Optional.empty() : text("licence", origin.licence()));
    }

    private static Optional<String> values(Manifest manifest) {
        return text("name", manifest.name())
                .or(() -> text("family", manifest.family()))
                .or(() -> text("precision", manifest.precision()))
                .or(() -> number("position_limit", manifest.positionLimit(), LEAST_POSITIONS, MOST_POSITIONS))
                .or(() -> number("vocabulary_size", manifest.vocabularySize(), 1, MOST_WORDS));
    }

    private static Optional<String> tokens(Manifest manifest) {
        if (manifest.kind() == null) {
            return Optional.of("kind is missing");
        }
        if (manifest.kind() == Manifest.Kind.MASKED && isAbsent(manifest.maskToken())) {
            return Optional.of("mask_token is missing, which every masked model has");
        }
        if (isAbsent(manifest.padToken())) {
            return Optional.of("pad_token is missing");
        }
        return Optional.empty();
    }

    private static boolean isAbsent(String token) {
        return token == null || token.isEmpty();
    }

    private static Optional<String> text(String key, String value) {
        boolean sound = value != null
                && !value.isBlank()
                && value.length() <= LONGEST_TEXT
                && value.codePoints().noneMatch(ManifestCheck::isInvisible);
        return sound
                ? Optional.empty()
                : Optional.of(key + " is not a text of 1 to " + LONGEST_TEXT + " visible characters");
    }

    /** Control characters, line breaks, and characters that turn the direction of writing. */
    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static Optional<String> number(String key, int value, int least, int most) {
        return value >= least && value <= most
                ? Optional.empty()
                : Optional.of(key + " is " + value + ", it must be from " + least + " to " + most);
    }

    private static Optional<String> files(SortedMap<String, Manifest.FileEntry> files) {
        if (files == null || files.size() > MOST_FILES) {
            return Optional.of("files is not a list of at most " + MOST_FILES + " files");
        }
        Set<String> folded = new HashSet<>();
        long bytes = 0;
        for (Map.Entry<String, Manifest.FileEntry> file : files.entrySet()) {
            Optional<String> problem = file(file.getKey(), file.getValue());
            if (problem.isPresent()) {
                return problem;
            }
            if (!folded.add(FileNames.folded(file.getKey()))) {
                return Optional.of("the name of file " + file.getKey() + " differs from another one in case only");
            }
            bytes += file.getValue().bytes();
        }
        if (bytes > MOST_BYTES) {
            return Optional.of("its files have " + bytes + " bytes, more than " + MOST_BYTES);
        }
        return NEEDED.stream()
                .filter(name -> !files.containsKey(name))
                .findFirst()
                .map(name -> "its files lack " + name);
    }

    private static Optional<String> file(String name, Manifest.FileEntry entry) {
        Optional<String> problem = FileNames.problem(name);
        if (problem.isPresent()) {
            return Optional.of("it names a file " + FileNames.shown(name) + ": " + problem.get());
        }
        if (entry == null || entry.bytes() < 0 || entry.bytes() > MOST_BYTES) {
            return Optional.of("the size of file " + name + " is not from 0 to " + MOST_BYTES + " bytes");
        }
        return entry.sha256() != null && entry.sha256().matches("[0-9a-f]{64}")
                ? Optional.empty()
                : Optional.of("the sha256 of file " + name + " is not 64 lower-case hexadecimal digits");
    }
}
