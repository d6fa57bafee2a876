/** Settings from files: {@code conf/*.conf} and {@code --set}, with every mistake reported at once. */
package dev.cloze.job.config;
