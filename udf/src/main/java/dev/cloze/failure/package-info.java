/**
 * What goes wrong, in words a user can act on. Everything meant for a user's eyes is a {@link
 * dev.cloze.failure.ClozeException}; internal mistakes stay {@link IllegalStateException}.
 */
package dev.cloze.failure;
