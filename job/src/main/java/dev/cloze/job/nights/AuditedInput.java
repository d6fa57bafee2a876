package dev.cloze.job.nights;

import dev.cloze.bundle.Sha256;
import dev.cloze.job.audit.AuditFiles;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * {@code inputs/date=D/input-<fingerprint>.json}: what the states of a night were made of. Files that are as they were then are not
 * opened again.
 *
 * @param date of the night
 * @param content digest of its states
 * @param scale of its figures
 */
record AuditedInput(String date, String content, NightScale scale) {
    private static final String INPUTS = "inputs";
    private static final String PREFIX = "input-";
    private static final String JSON = ".json";
    private static final int DIGITS = 16;

    /** This, when nothing of it is missing. */
    AuditedInput whole() {
        LocalDate.parse(date);
        Objects.requireNonNull(content, "there is no content in it");
        Objects.requireNonNull(scale, "there is no scale in it");
        return this;
    }

    /** One word for all that the states of a night depend on. */
    static String fingerprint(List<String> parts) {
        return Sha256.of(String.join("\n", parts).getBytes(StandardCharsets.UTF_8))
                .substring(0, DIGITS);
    }

    private static Path place(AuditFiles files, LocalDate date, String fingerprint) {
        return files.place(INPUTS, AuditFiles.DATE + date, PREFIX + fingerprint + JSON);
    }

    static Optional<AuditedInput> find(AuditFiles files, LocalDate date, String fingerprint) {
        Path place = place(files, date, fingerprint);
        return files.exists(place) ? Optional.of(read(files, place)) : Optional.empty();
    }

    void write(AuditFiles files, String fingerprint) {
        files.write(place(files, LocalDate.parse(date), fingerprint), this);
    }

    /** The scale of the newest night that was scored. */
    static Optional<NightScale> lastScale(AuditFiles files) {
        List<LocalDate> dates = files.dates(files.place(INPUTS));
        return dates.isEmpty()
                ? Optional.empty()
                : files.list(files.place(INPUTS, AuditFiles.DATE + dates.get(dates.size() - 1)), PREFIX, JSON).stream()
                        .findFirst()
                        .map(place -> read(files, place).scale);
    }

    private static AuditedInput read(AuditFiles files, Path place) {
        return files.read(place, AuditedInput.class, AuditedInput::whole);
    }
}
