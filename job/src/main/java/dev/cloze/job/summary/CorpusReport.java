package dev.cloze.job.summary;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The {@code _summary.json} of scored documents.
 *
 * @param method what the figures are
 * @param model digest of the model
 * @param merged outputs of earlier runs that are added
 * @param groups null when the corpus has none
 */
record CorpusReport(
        String method,
        String model,
        List<String> merged,
        CorpusFigures corpus,
        @JsonInclude(JsonInclude.Include.NON_NULL) List<GroupFigures> groups) {}
