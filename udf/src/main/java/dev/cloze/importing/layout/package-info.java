/** Where in a stranger's files a model is: archives, folders of a hub's cache, directories of other libraries, variants of a graph. */
package dev.cloze.importing.layout;
