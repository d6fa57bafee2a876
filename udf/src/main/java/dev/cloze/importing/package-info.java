/** Used only when a bundle is made: weights from elsewhere in, a {@link dev.cloze.bundle.Bundle} out. */
package dev.cloze.importing;
