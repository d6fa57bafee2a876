/** The engine seen from Spark: rows of a partition in, scored rows out. The only stage that knows Spark. */
package dev.cloze.spark;
