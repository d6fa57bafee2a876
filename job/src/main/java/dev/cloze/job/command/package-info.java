/** Options in, engine values out. Nothing outside this package knows the command-line library. */
package dev.cloze.job.command;
