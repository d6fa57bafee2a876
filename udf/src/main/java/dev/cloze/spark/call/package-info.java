/** What a function of Spark asks of every row, from a session's settings. */
package dev.cloze.spark.call;
