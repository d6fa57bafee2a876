/** The engine on an executor: rows of a partition in, scored rows out, with the one model that is open there. */
package dev.cloze.executor;
