/** A model hub: names of models there, its protocol, and the cache that it shares with the Python client {@code huggingface_hub}. */
package dev.cloze.hub;
