/** File systems: which ones there are, how they are reached, what may overlap on them, and what of their names must not be shown. */
package dev.cloze.job.files;
