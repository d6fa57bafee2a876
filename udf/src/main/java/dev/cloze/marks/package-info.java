/** What can be seen of a text without a model: {@link dev.cloze.marks.TextMarks} of damage, its language and its script. */
package dev.cloze.marks;
