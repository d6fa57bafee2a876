/** Made-up years of nights, quiet ones and with planted faults, to measure how often the audit is wrong and what it finds. */
package dev.cloze.stats.simulation;
