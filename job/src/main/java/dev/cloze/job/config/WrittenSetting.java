package dev.cloze.job.config;

import java.util.List;

/**
 * A value from a file or from {@code --set}.
 *
 * @param key the name of an option, without its dashes
 * @param values one, or several of a list
 * @param written the same as they stand in the file: a value of the environment by its name, such as <code>${HOME}</code>
 * @param origin where it stands, for messages
 */
public record WrittenSetting(String key, List<String> values, List<String> written, String origin) {}
