/** The engine as users of Spark call it: SQL functions and transformations of datasets. */
package dev.cloze.spark;
