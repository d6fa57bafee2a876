/** Words to ids. In comes a {@link dev.cloze.text.Document}, out goes a {@link dev.cloze.text.TokenizedDocument}. */
package dev.cloze.text;
