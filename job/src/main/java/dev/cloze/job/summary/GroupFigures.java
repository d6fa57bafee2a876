package dev.cloze.job.summary;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one group in {@code _summary.json}.
 *
 * @param names what the group has in each column that names groups; null where nothing stands
 */
record GroupFigures(
        @JsonProperty("group") Map<String, String> names,
        @JsonUnwrapped CorpusFigures figures) {

    /** Of the group that has {@code values} in {@code columns}. */
    static GroupFigures of(List<String> columns, List<String> values, CorpusFigures figures) {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            names.put(columns.get(i), values.get(i));
        }
        return new GroupFigures(names, figures);
    }
}
