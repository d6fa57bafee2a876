package dev.cloze.job.audit;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/** The nights of a history without Spark: a file of each stands in its place, which holds nothing but must be there. */
final class NightsInMemory implements StoredNights {
    private final AuditFiles files;
    private final Map<Path, StoredNight> written = new LinkedHashMap<>();

    NightsInMemory(AuditFiles files) {
        this.files = files;
    }

    @Override
    public void write(StoredNight night) {
        Path place = RunFiles.place(files, night);
        files.put(place, file -> files.files().create(file, false).close());
        written.put(place, night);
    }

    @Override
    public TreeMap<LocalDate, List<StoredNight>> until(LocalDate last) {
        TreeMap<LocalDate, List<StoredNight>> nights = new TreeMap<>();
        written.forEach((place, night) -> {
            LocalDate date = night.night().date();
            if (!date.isAfter(last) && files.exists(place)) {
                nights.computeIfAbsent(date, any -> new ArrayList<>()).add(night);
            }
        });
        return nights;
    }
}
