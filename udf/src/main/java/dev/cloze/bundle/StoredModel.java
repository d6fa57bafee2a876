package dev.cloze.bundle;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A model of the cache as far as its manifest and the sizes of its files tell.
 *
 * @param name what {@code --model} calls it
 * @param directory where it is
 * @param bundle absent when its manifest cannot be read
 * @param problem why it cannot be used; absent when nothing is wrong
 */
public record StoredModel(String name, Path directory, Optional<Bundle> bundle, Optional<String> problem) {}
