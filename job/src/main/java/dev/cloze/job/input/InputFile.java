package dev.cloze.job.input;

import com.fasterxml.jackson.annotation.JsonGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/**
 * A file of the corpus as the run saw it.
 *
 * @param bytes its length
 * @param modified when it was modified last
 */
public record InputFile(String path, long bytes, @JsonIgnore Instant modified) {
    @JsonGetter("modified")
    String modifiedAt() {
        return modified.toString();
    }
}
