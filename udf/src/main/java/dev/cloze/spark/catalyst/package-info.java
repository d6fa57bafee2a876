/** Calls in queries: the only files that know Catalyst, which Spark keeps to itself. */
package dev.cloze.spark.catalyst;
