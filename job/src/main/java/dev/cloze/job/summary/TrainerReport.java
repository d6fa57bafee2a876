package dev.cloze.job.summary;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The {@code _summary.json} of examples of transformers' Trainer.
 *
 * @param method what the figures are
 * @param model digest of the model
 * @param batchSize examples of a batch
 */
record TrainerReport(
        String method,
        String model,
        @JsonProperty("eval_batch_size") int batchSize,
        TrainerFigures corpus) {}
