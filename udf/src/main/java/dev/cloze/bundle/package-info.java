/** What a model is on disk: {@link dev.cloze.bundle.Bundle}, its {@link dev.cloze.bundle.Manifest}, and the cache. */
package dev.cloze.bundle;
