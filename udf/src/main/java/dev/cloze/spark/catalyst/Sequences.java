package dev.cloze.spark.catalyst;

import java.util.List;
import scala.collection.Iterable;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Lists as Spark takes and gives them. */
final class Sequences {
    private Sequences() {}

    static <T> Seq<T> seq(List<? extends T> list) {
        return CollectionConverters.<T>asScala(List.<T>copyOf(list)).toSeq();
    }

    static <V> Map<String, V> map(java.util.Map<String, V> values) {
        return Map.from(CollectionConverters.asScala(values));
    }

    static java.util.Map<String, String> map(Map<String, String> values) {
        return java.util.Map.copyOf(CollectionConverters.asJava(values));
    }

    static <T> List<T> list(Iterable<T> values) {
        return List.copyOf(CollectionConverters.asJavaCollection(values));
    }
}
