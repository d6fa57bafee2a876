package dev.cloze.onnx;

import java.util.Optional;
import java.util.Set;

/**
 * What a task finds where it runs, as far as it matters to the choice of a device.
 *
 * @param assigned address of the GPU that Spark gave to the task
 * @param local whether driver and tasks are one process, to which Spark gives no GPUs
 * @param gpus GPUs of this machine
 * @param turn the task's number: tasks of a local run take the GPUs in turn
 * @param providers what the ONNX Runtime here was built with
 */
public record TaskResources(Optional<String> assigned, boolean local, int gpus, int turn, Set<Provider> providers) {}
