/** What a night of an audited corpus leaves behind: a mergeable {@link dev.cloze.stats.night.SliceState} for each slice. */
package dev.cloze.stats.night;
